using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Changes a container at random, as production would.</summary>
internal sealed class RandomTree(Random random, BlobContainerClient container)
{
    private readonly Lock _lock = new();

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
        }
    }

    private (int Kind, string Name, byte[] Content) Draw()
    {
        lock (_lock)
        {
            string[] folders = ["", "a/", "a/b c/", "ü/", "\U0001F600", "\ue000"];
            var content = new byte[random.Next(4) == 0 ? 0 : random.Next(20_000)];
            random.NextBytes(content);
            return (random.Next(6), $"{folders[random.Next(folders.Length)]}{random.Next(12)}", content);
        }
    }
}
