using System.Runtime.CompilerServices;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Problems;

namespace Orchestrator.Functions.Migrations;

/// <summary>Finds runs among all instances: a run's steps are instances too, and the store cannot tell them apart for us.</summary>
public sealed class RunLister(RunReader reader)
{
    private const int StorePage = 100;

    // A call looks at this much of the store; where little of it matches, the caller gets a short page and goes on from there.
    private const int MostPages = 20;

    /// <exception cref="ProblemException">The store does not know the page that the query goes on at.</exception>
    public async Task<(IReadOnlyList<Run> Runs, ListCursor? Next)> ListAsync(DurableTaskClient client, RunQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await CollectAsync(client, query, cancellationToken);
        }
        catch (Exception unknown) when (query.Cursor is not null && unknown is FormatException or ArgumentException)
        {
            throw new ProblemException(ProblemKind.WrongQuery, "continuationToken is not one that an answer gave.");
        }
    }

    private async Task<(IReadOnlyList<Run> Runs, ListCursor? Next)> CollectAsync(DurableTaskClient client, RunQuery query, CancellationToken cancellationToken)
    {
        var found = new List<Run>();
        var here = query.Cursor ?? new ListCursor(Page: null, Skip: 0);
        var filter = new OrchestrationQuery(CreatedFrom: query.From, PageSize: StorePage, FetchInputsAndOutputs: true, ContinuationToken: here.Page);
        var pages = 0;
        await foreach (var page in client.GetAllInstancesAsync(filter).AsPages(here.Page, StorePage).WithCancellation(cancellationToken))
        {
            var matching = page.Values.Select(reader.Read).OfType<Run>().Where(run => query.Matches(run.View)).ToList();
            var taken = matching.Skip(here.Skip).Take(query.PageSize - found.Count).ToList();
            found.AddRange(taken);
            if (here.Skip + taken.Count < matching.Count)
                return (found, here with { Skip = here.Skip + taken.Count });
            if (string.IsNullOrEmpty(page.ContinuationToken))
                return (found, null);
            here = new ListCursor(page.ContinuationToken, Skip: 0);
            if (found.Count == query.PageSize || ++pages == MostPages)
                return (found, here);
        }

        return (found, null);
    }

    /// <summary>Every run that has not ended, for what is asked of people.</summary>
    public async IAsyncEnumerable<Run> RunningAsync(DurableTaskClient client, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new OrchestrationQuery(
            Statuses: [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended], PageSize: StorePage, FetchInputsAndOutputs: true);
        await foreach (var instance in client.GetAllInstancesAsync(filter).WithCancellation(cancellationToken))
        {
            if (reader.Read(instance) is { } run)
                yield return run;
        }
    }
}
