using Azure;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>How far a comparison goes.</summary>
public sealed record CompareRules
{
    /// <summary>A difference in an object whose source changed since counts as lagging.</summary>
    public DateTimeOffset? LaggingSince { get; init; }

    /// <summary>Objects that lack an MD5 on a side are read on both and their SHA-256 compared; else the younger copy is trusted.</summary>
    public bool ReadContent { get; init; }

    /// <summary>Set for a deep check: of so many objects one, told by its name and the seed, is read on both sides; the others are passed over.</summary>
    public int? SampleOneIn { get; init; }

    /// <summary>Set for a deep check on the way: the sample is read on both sides whatever the listings say of it, the others are compared as ever.</summary>
    public int? AlsoReadOneIn { get; init; }

    public string Seed { get; init; } = "";

    /// <summary>Set where every difference is wanted by name: the batch ends when it has so many. Else the first hundred are kept and it goes on.</summary>
    public int? MostDifferences { get; init; }

    /// <summary>Told of each pair that is settled.</summary>
    internal BatchProgress Progress { get; init; } = BatchProgress.None;
}

/// <summary>Compares two containers object by object in constant memory, a bounded batch at a time. Changes nothing.</summary>
public sealed class ContainerComparer(TimeProvider time)
{
    private const int Parallelism = 8;
    private const int FewNames = 100;

    /// <exception cref="PermanentFailureException">MIG0100 to MIG0107: what a store refused for good.</exception>
    public async Task<CompareBatch> CompareAsync(
        BlobContainerClient from,
        BlobContainerClient to,
        ListingCursor cursor,
        CopyBudget budget,
        CompareRules rules,
        CancellationToken cancellationToken)
    {
        // Pairs that are being read when the batch is full may add theirs: all are kept.
        var batch = new CompareBatch(rules.MostDifferences is null ? FewNames : int.MaxValue);
        var meter = new BudgetMeter(budget, time);

        await Parallel.ForEachAsync(
            UndecidedAsync(),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (pair, token) => Count(pair, await ReadAndCompareAsync(from, to, pair, rules, batch, token)));
        return batch;

        void Count(ObjectPair pair, Verdict verdict)
        {
            var bytes = (pair.From ?? pair.To)!.Size;
            batch.Count(pair.Name, bytes, verdict);
            rules.Progress.Add(1, bytes);
        }

        async IAsyncEnumerable<ObjectPair> UndecidedAsync()
        {
            await foreach (var pair in ListingMerge.ReadAsync(new ContainerListing(from), new ContainerListing(to), cursor, cancellationToken))
            {
                if (meter.IsUsed || batch.Mismatches >= rules.MostDifferences)
                {
                    batch.Next = pair.Before;
                    yield break;
                }

                var isAlsoRead = IsAlsoRead(pair, rules);
                if (Judge(pair, rules) is { } verdict && !(isAlsoRead && verdict == Verdict.Same)) Count(pair, verdict);
                else if (IsPassedOver(pair, rules)) continue;
                else
                {
                    if (isAlsoRead) batch.DeepCheck();
                    meter.Use(2 * pair.From!.Size);
                    batch.Read(pair.From.Size);
                    yield return pair;
                }
            }
        }
    }

    private static bool IsPassedOver(ObjectPair pair, CompareRules rules) =>
        rules.SampleOneIn is { } oneIn && !Sample.Takes(rules.Seed, pair.Name, oneIn);

    private static bool IsAlsoRead(ObjectPair pair, CompareRules rules) =>
        rules.AlsoReadOneIn is { } oneIn && pair is { From: not null, To: not null } && Sample.Takes(rules.Seed, pair.Name, oneIn);

    /// <summary>What the listings tell; null where they do not settle it.</summary>
    private static Verdict? Judge(ObjectPair pair, CompareRules rules)
    {
        if (rules.SampleOneIn is not null) return pair is { From: not null, To: not null } ? null : Verdict.PassedOver;

        var verdict = pair switch
        {
            { From: null } => Verdict.Extra,
            { To: null } => Verdict.Missing,
            { From: { } from, To: { } to } when !ObjectEquality.DescribedAlike(to, from) => Verdict.Different,
            { From.Md5: not null, To.Md5: not null } => Verdict.Same,
            { From.Size: 0 } => Verdict.Same,
            { From: { } from, To: { } to } when !rules.ReadContent => ObjectEquality.IsCopyOf(to, from) ? Verdict.Same : Verdict.Different,
            _ => (Verdict?)null,
        };
        return verdict is { } known ? Excuse(known, pair, rules) : null;
    }

    private static Verdict Excuse(Verdict verdict, ObjectPair pair, CompareRules rules) =>
        verdict is Verdict.Missing or Verdict.Different && pair.From is { } source && source.LastModified >= rules.LaggingSince
            ? Verdict.Lagging
            : verdict;

    private static async Task<Verdict> ReadAndCompareAsync(
        BlobContainerClient from, BlobContainerClient to, ObjectPair pair, CompareRules rules, CompareBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var contents = await Task.WhenAll(
                ObjectContent.ReadAsync(from, pair.From!, cancellationToken), ObjectContent.ReadAsync(to, pair.To!, cancellationToken));
            if (contents.Any(content => content.BeliesMd5)) batch.Belie();
            return Excuse(contents[0].IsSameAs(contents[1]) ? Verdict.Same : Verdict.Different, pair, rules);
        }
        catch (RequestFailedException error) when (BlobErrors.IsOvertaken(error))
        {
            // Changed while it was compared: that is production at work, not a fault of the copy.
            return Verdict.Lagging;
        }
        catch (RequestFailedException error) when (BlobErrors.IsPermanent(error))
        {
            throw BlobErrors.Permanent(error, $"{from.Uri} or {to.Uri}, object '{pair.Name}'");
        }
    }
}
