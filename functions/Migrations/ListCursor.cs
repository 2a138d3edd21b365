using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Functions.Migrations;

/// <summary>Where a list goes on: the store's own page, and how many of its runs were given already. A checksum tells our tokens from typing errors.</summary>
public sealed record ListCursor(string? Page, int Skip)
{
    private const int ChecksumBytes = 8;

    public static ListCursor? Parse(string text)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            if (bytes.Length <= ChecksumBytes || !Checksum(bytes.AsSpan(ChecksumBytes)).SequenceEqual(bytes.AsSpan(0, ChecksumBytes)))
                return null;
            return JsonSerializer.Deserialize<ListCursor>(bytes.AsSpan(ChecksumBytes)) is { Skip: >= 0 } cursor ? cursor : null;
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            return null;
        }
    }

    public override string ToString()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this);
        return Base64Url.EncodeToString([.. Checksum(json), .. json]);
    }

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> json) => SHA256.HashData([.. Encoding.UTF8.GetBytes(nameof(ListCursor)), .. json]).AsSpan(0, ChecksumBytes);
}
