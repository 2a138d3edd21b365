using System.Diagnostics;

namespace Orchestrator.Benchmarks.Engine;

/// <summary>Takes each figure several times after a warm-up, on one store, and keeps the medians.</summary>
internal sealed class EngineBenchmark(int rounds, DirectoryInfo folder, IReadOnlyCollection<string> only)
{
    private readonly EngineFigures figures = new() { Rounds = rounds };

    public static async Task<EngineFigures> RunAsync(int rounds, DirectoryInfo? folder, IReadOnlyCollection<string> only)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var place = folder is null ? Directory.CreateTempSubdirectory("orchestrator-benchmark-") : folder.CreateSubdirectory($"benchmark-{Guid.NewGuid():N}");
        try
        {
            return await new EngineBenchmark(rounds, place, only).RunAsync();
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private async Task<EngineFigures> RunAsync()
    {
        await MedianAsync(nameof(EngineFigures.FdatasyncPerSecond), () => Task.FromResult(DiskSync.PerSecond(folder)), value => figures.FdatasyncPerSecond = value);
        await using (var engine = await EngineUnderTest.StartAsync(Path.Combine(folder.FullName, "state.db")))
            await ThroughputAsync(engine);
        await WaitingAsync();
        await ReplayAsync();
        return figures;
    }

    private async Task ThroughputAsync(EngineUnderTest engine)
    {
        await MedianAsync(
            nameof(EngineFigures.SequentialActivitiesPerSecond),
            () => PerSecondAsync(1000, () => engine.RunToEndAsync(Workloads.Sequence, 1000)),
            value => figures.SequentialActivitiesPerSecond = value);
        var grouping = new List<double>();
        await MedianAsync(
            nameof(EngineFigures.OrchestrationsPerSecond),
            () => PerSecondAsync(1000, () => ManyAsync(engine, grouping)),
            value => figures.OrchestrationsPerSecond = value);
        if (grouping.Count > 0)
            figures.WorkItemsPerCommit = Median(grouping.Skip(1));
        await MedianAsync(
            nameof(EngineFigures.FanOutActivitiesPerSecond),
            () => PerSecondAsync(1000, () => engine.RunToEndAsync(Workloads.FanOut, 1000)),
            value => figures.FanOutActivitiesPerSecond = value);
        var tails = new List<double>();
        await MedianAsync(
            nameof(EngineFigures.EventRoundTripMsP50),
            () => RoundTripAsync(engine, tails),
            value => figures.EventRoundTripMsP50 = value);
        if (tails.Count > 0)
            figures.EventRoundTripMsP99 = Median(tails.Skip(1));
    }

    private async Task WaitingAsync()
    {
        if (!IsWanted(nameof(EngineFigures.RecoverySeconds10k)) && !IsWanted(nameof(EngineFigures.MemoryMb10k)))
            return;
        var taken = new List<(double Seconds, double Megabytes)>();
        // No warm-up: each is a new process, as a restart is.
        for (var round = 0; round < rounds; round++)
            taken.Add(await WaitingInstances.MeasureAsync(folder));
        figures.RecoverySeconds10k = Median(taken.Select(figure => figure.Seconds));
        figures.MemoryMb10k = Median(taken.Select(figure => figure.Megabytes));
        Report("recovery and memory", figures.RecoverySeconds10k.Value);
    }

    private async Task ReplayAsync()
    {
        var number = 0;
        await MedianAsync(
            nameof(EngineFigures.ReplayedEvents),
            () => ReplayedEvents.CountAsync(Path.Combine(folder.FullName, $"replay-{number++}.db")),
            value => figures.ReplayedEvents = value);
    }

    /// <summary>200 clients, each with one instance at a time.</summary>
    private static async Task ManyAsync(EngineUnderTest engine, List<double> grouping)
    {
        const int Instances = 1000;
        const int Steps = 5;
        var before = engine.Transactions;
        await Parallel.ForAsync(0, Instances, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (_, _) =>
            await engine.RunToEndAsync(Workloads.Sequence, Steps));
        // An instance of 5 activities has 6 turns.
        grouping.Add(Instances * (Steps + Steps + 1.0) / (engine.Transactions - before));
    }

    private static async Task<double> RoundTripAsync(EngineUnderTest engine, List<double> tails)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => engine.StartAsync(Workloads.Wait)));
        await engine.IdleAsync();
        var times = new List<double>();
        foreach (var id in ids)
        {
            var begun = Stopwatch.GetTimestamp();
            await engine.Client.RaiseEventAsync(id, Workloads.Go, "on");
            await engine.EndAsync(id);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        times.Sort();
        tails.Add(times[times.Count * 99 / 100]);
        return Median(times);
    }

    private static async Task<double> PerSecondAsync(int count, Func<Task> run)
    {
        var watch = Stopwatch.StartNew();
        await run();
        return count / watch.Elapsed.TotalSeconds;
    }

    private async Task MedianAsync(string name, Func<Task<double>> measure, Action<double> keep)
    {
        if (!IsWanted(name))
            return;
        await measure();
        var values = new List<double>();
        for (var round = 0; round < rounds; round++)
            values.Add(await measure());
        keep(Median(values));
        Report(name, Median(values));
    }

    private bool IsWanted(string name) => only.Count == 0 || only.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static void Report(string name, double value) => Console.Error.WriteLine($"{name}: {value:0.##}");

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return Math.Round(sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, 3);
    }
}
