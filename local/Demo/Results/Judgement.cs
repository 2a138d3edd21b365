namespace Orchestrator.Local.Demo.Results;

/// <summary>Says what of a result is not as the switches ask for.</summary>
internal static class Judgement
{
    private const double LowestRate = 100;

    public static IReadOnlyList<string> Of(Result result, DemoOptions options)
    {
        var reasons = new List<string>();
        var goesLive = options.ExpectedStatus == "succeeded";
        Require(result.Status == options.ExpectedStatus, $"the run ended {result.Status}, not {options.ExpectedStatus}: {result.Failure}");
        Require(result.ServedVersion == (goesLive ? "v2" : "v1"), $"customers are served {result.ServedVersion ?? "nothing"}");
        Require(result.FailedRequests == 0, $"{result.FailedRequests} requests of customers failed");
        Require(result.LostWrites == 0, $"{result.LostWrites} acknowledged orders are lost or changed");
        Require(result.Objects == options.Objects, $"{result.Objects} media are served of {options.Objects}");
        Require(result.Mismatches == 0, $"{result.Mismatches} media differ");
        Require(result.Swaps == (goesLive ? 1 : options.RollBack ? 2 : 0), $"{result.Swaps} swaps were accepted");
        Require(result.LeftBehind.Count == 0, $"left behind: {string.Join(", ", result.LeftBehind)}");
        Require(result.RequestsPerSecond >= LowestRate, $"customers made {result.RequestsPerSecond} requests/s only");
        Require(!(goesLive || options.RollBack) || result.Report is not null, "there is no report");
        return reasons;

        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                reasons.Add(otherwise);
            }
        }
    }
}
