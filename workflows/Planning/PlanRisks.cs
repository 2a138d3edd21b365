using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Planning;

/// <summary>What speaks for care, each with its evidence, and who else uses what is moved.</summary>
public static class PlanRisks
{
    private const long ManyObjects = 100_000;
    private const long ManyBytes = 100L << 30;

    public static IReadOnlyList<Risk> Of(MigrationSpec spec, Survey survey, IReadOnlyList<DataCount> counts)
    {
        var risks = new List<Risk>();
        void Weigh(bool applies, int points, string evidence) { if (applies) risks.Add(new Risk(points, evidence)); }

        Weigh(counts.Sum(c => c.Objects) > ManyObjects, 15, $"{counts.Sum(c => c.Objects):N0} objects are copied; more than {ManyObjects:N0} take long to list in the write pause.");
        Weigh(counts.Sum(c => c.Bytes) > ManyBytes, 10, $"{counts.Sum(c => c.Bytes) >> 30:N0} GiB are copied.");
        foreach (var (name, sites) in survey.SharedBy.Where(s => s.Value.Count > 0))
            Weigh(true, 25, $"{name} is also used by {string.Join(", ", sites)}, which will not move.");
        Weigh(survey.Traffic.ErrorRate is > 0.01, 15, $"The site already fails {survey.Traffic.ErrorRate:P2} of its requests: a worse new version would hide in that.");
        Weigh(survey.Traffic.Requests is null, 5, "The platform has no request figures of the last hour, so before and after cannot be compared.");
        Weigh(spec.Verify.Http.Count == 0, 15, "The spec names no HTTP check: only the health of the slot is known.");
        Weigh(spec.Verify.Load is null, 5, "The spec names no load test.");
        Weigh(spec.Approval is null, 10, "Nobody is asked for approval.");
        Weigh(spec.Watch.Gates.Count == 0, 10, "The watch period has no gates.");
        Weigh(spec.Data.Any(d => !d.Reverse), 20, "Some data is not copied back, so after the cut-over there is no way back for it.");
        Weigh(spec.Data.Any(d => !survey.BlobEndpoints.Values.Any(e => e.Length > 0 && d.Source.StartsWith(e, StringComparison.OrdinalIgnoreCase))), 5,
            "Some data is in a storage account that the site's subscription does not list.");
        return risks;
    }

    public static int Score(IReadOnlyList<Risk> risks) => Math.Min(100, risks.Sum(r => r.Points));

    public static IReadOnlyList<Dependency> Dependencies(MigrationSpec spec, Survey survey) =>
    [
        .. spec.Data.Where(d => d.Setting is not null).Select(d => new Dependency($"setting {d.Setting}", $"names {d.Source}; the new version's names {d.Target}")),
        .. survey.SharedBy.SelectMany(s => s.Value.Select(site => new Dependency(site, $"its settings name the source of {s.Key}"))),
        .. survey.Locks.Select(l => new Dependency(l.Id, $"lock {l.Level}")),
        .. spec.Data.SelectMany(d => survey.BlobEndpoints.Where(e => e.Value.Length > 0 && d.Source.StartsWith(e.Value, StringComparison.OrdinalIgnoreCase)).Select(e => new Dependency(e.Key, $"holds the source of {d.Name}"))),
    ];
}
