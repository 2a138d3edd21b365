using System.Security.Cryptography;
using System.Text;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Where the snapshot container has the objects of one source, whatever run took them: each version of an object under a name of its own, made of the object's
/// name and of what the listing tells of the version. So a version that is there need not be copied again, two runs never write different things to one name,
/// and a listing of the place is in the order of the objects' names.
/// </summary>
internal sealed class ObjectPlace(string source)
{
    /// <summary>The longest name that a store takes.</summary>
    private const int MaxName = 1024;

    // Below every character that a name is made of, once those up to it are escaped; the escape is the next above it.
    private const char End = '!';
    private const char Escape = '"';

    private readonly string _source = Hash(source, bytes: 8);

    public string Prefix => $"objects/{_source}/";

    /// <param name="inOrder">False where the name is too long for the order of names: its hash stands for it, outside the prefix.</param>
    public string Key(ListedObject item, out bool inOrder)
    {
        var version = Hash($"{item.ETag}|{item.Size}|{item.LastModified:O}", bytes: 16);
        var key = $"{Prefix}{Escaped(item.Name)}{End}{version}";
        inOrder = key.Length <= MaxName;
        return inOrder ? key : $"long/{_source}/{Hash(item.Name, bytes: 32)}{End}{version}";
    }

    private static string Escaped(string name)
    {
        if (!name.Any(character => character <= Escape)) return name;
        var escaped = new StringBuilder(name.Length + 8);
        foreach (var character in name)
        {
            if (character > Escape) escaped.Append(character);
            else escaped.Append(Escape).Append((char)(character + '0'));
        }

        return escaped.ToString();
    }

    private static string Hash(string text, int bytes) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
