using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Orchestrator.Local.Demo.Migration;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.Storm;

/// <summary>What must hold however a run ended. Each check says what is wrong, in sentences.</summary>
internal sealed class Outcome(StormWorld world, Weather weather, Storm storm, Run run, Places after)
{
    // A run that failed says nothing about which side is live; whichever is, must be so wholly.
    private bool IsNew => run.Status == "succeeded" || (run.Status == "failed" && after.Production.DeploymentId == storm.Before.Slot!.DeploymentId);

    public async Task<IReadOnlyList<string>> FaultsAsync(Crowd crowd) =>
    [
        .. Status(),
        .. Sides(),
        .. OneAtATime(),
        .. TakenBySide(crowd),
        .. crowd.Problems.Take(5),
        .. await LostAsync(crowd),
    ];

    private IEnumerable<string> Status()
    {
        // A way back that is refused leaves the new version live; a cancellation that comes too late changes nothing.
        var ends = storm.IsCancelled ? (string[])["cancelled", "succeeded", "compensated"]
            : !storm.GoesBack ? ["succeeded", "compensated"]
            : weather.Faults.Any(fault => fault.IsRefusal) ? ["rolledBack", "succeeded"] : ["rolledBack"];
        if (!ends.Contains(run.Status)) yield return $"The run ended {run.Status}, not {string.Join(" or ", ends)}: {run.Failure}";
        if (storm.Questions.Count > 0 && !weather.Faults.Any(fault => fault.IsRefusal)) yield return $"A person was asked although every fault passed by itself: {storm.Questions[0]}";
        // A pause that the kill drew out is given up, as promised.
        if (weather.Faults.Count == 0 && run.Status == "compensated" && run.Failure?.Code != "MIG0301") yield return $"Kills alone undid the run: {run.Failure}";
    }

    /// <summary>Slots and settings are those of before, or those of before having changed places.</summary>
    private IEnumerable<string> Sides()
    {
        var before = storm.Before;
        var production = IsNew ? before.Slot! : before.Production;
        var slot = IsNew ? before.Production : run.Status is "compensated" or "cancelled" ? null : before.Slot;
        if (after.Production != production) yield return $"Production is not as it should be: {after.Production.Unlike(production)}";
        if (after.Slot != slot) yield return $"The slot is not as it should be: {(after.Slot is null ? "there is none" : slot is null ? "it is still there" : after.Slot.Unlike(slot))}";
        if (after.Sticky != before.Sticky) yield return $"The sticky names are {after.Sticky}, not {before.Sticky}";
        if (after.Traffic != "[]") yield return $"Traffic is still split: {after.Traffic}";
        if (after.Preview is { } preview) yield return $"A preview or an operation still stands: {preview}";
    }

    /// <summary>The writes to one store have ended when the first to the other begins.</summary>
    private IEnumerable<string> OneAtATime()
    {
        var (turns, current, ended) = (0, (StoreWrite?)null, 0L);
        foreach (var write in world.Shops.Writes.OrderBy(write => write.Began))
        {
            if (current is not null && write.Container != current.Container)
            {
                turns++;
                if (write.Began < ended) yield return $"{write.By} wrote {write.Id} to {write.Container} while a write of {current.By} to {current.Container} was under way";
            }
            (current, ended) = (write, Math.Max(ended, write.Ended));
        }
        var allowed = IsNew ? 1 : run.Status == "rolledBack" ? 2 : 0;
        if (turns > allowed) yield return $"Writes went from one store to another {turns} times; {allowed} are as it should be";
    }

    /// <summary>v1 writes to the source, v2 to the target, and customers met nobody else.</summary>
    private IEnumerable<string> TakenBySide(Crowd crowd)
    {
        var own = new Dictionary<string, string> { ["v1"] = world.Source.Uri.AbsoluteUri, ["v2"] = world.Target.Uri.AbsoluteUri };
        if (world.Shops.Writes.FirstOrDefault(write => own[write.By] != write.Container) is { } astray) yield return $"{astray.By} wrote {astray.Id} to {astray.Container}";
        var last = crowd.Purchases.MaxBy(purchase => purchase.Sent)!.By;
        if (last != (IsNew ? "v2" : "v1")) yield return $"The last order was taken by {last}";
    }

    /// <summary>Every acknowledged order stands where production reads, as it was acknowledged; and so does what was there before.</summary>
    private async Task<IReadOnlyList<string>> LostAsync(Crowd crowd)
    {
        var stored = await HashesAsync(world.Source.Uri.AbsoluteUri == after.Production.OrdersUrl ? world.Source : world.Target);
        var lost = crowd.Purchases.Where(purchase => stored.GetValueOrDefault($"{purchase.Id}.json") != Hash(purchase.Content)).ToList();
        var old = Enumerable.Range(0, 8).Where(i => stored.GetValueOrDefault($"old/{i}.json") != Hash($"order {i}")).ToList();
        return
        [
            .. lost.Count == 0 ? (string[])[] : [$"{lost.Count} of {crowd.Purchases.Count()} acknowledged orders are not in {after.Production.OrdersUrl} as acknowledged, the first: {lost[0]}"],
            .. old.Select(i => $"old/{i}.json is not in {after.Production.OrdersUrl}"),
        ];
    }

    private static async Task<Dictionary<string, string>> HashesAsync(BlobContainerClient container)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync())
            hashes[blob.Name] = blob.Properties.ContentHash is { Length: > 0 } md5 ? Convert.ToHexString(md5) : Hash((await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToString());
        return hashes;
    }

    private static string Hash(string content) => Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(content)));
}
