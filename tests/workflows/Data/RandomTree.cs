using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Changes a container at random, as production would.</summary>
/// <param name="prefix">Of all names that it changes.</param>
/// <param name="withMd5">The store has an MD5 of everything.</param>
internal sealed class RandomTree(int seed, BlobContainerClient container, string prefix = "", bool withMd5 = false)
{
    private readonly Random _random = new(seed);

    /// <summary>What the store has acknowledged: the content under each name, null where it was deleted.</summary>
    public Dictionary<string, byte[]?> Acknowledged { get; } = new(StringComparer.Ordinal);

    public async Task ChangeAsync(int changes)
    {
        for (var i = 0; i < changes; i++)
        {
            var (kind, name, content) = Draw();
            switch (kind)
            {
                case 0:
                    await container.GetBlobClient(name).DeleteIfExistsAsync();
                    break;
                case 1:
                    await container.PutInBlocksAsync(name, content);
                    break;
                case 2:
                    await container.PutAsync(name, content, new BlobHttpHeaders { ContentType = "text/css" }, new Dictionary<string, string> { ["n"] = $"{content.Length}" });
                    break;
                default:
                    await container.PutAsync(name, content);
                    break;
            }

            Acknowledged[name] = kind == 0 ? null : content;
        }
    }

    private (int Kind, string Name, byte[] Content) Draw()
    {
        string[] folders = ["", "a/", "a/b c/", "ü/", "\U0001F600", "\ue000"];
        var content = new byte[_random.Next(4) == 0 ? 0 : _random.Next(20_000)];
        _random.NextBytes(content);
        var kind = _random.Next(6);
        return (withMd5 && kind == 1 ? 2 : kind, $"{prefix}{folders[_random.Next(folders.Length)]}{_random.Next(12)}", content);
    }
}
