using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks.Engine;

/// <summary>10,000 instances that wait, once started by a process that is then killed, and once found by the next.</summary>
internal static class WaitingInstances
{
    private const int Count = 10_000;

    public static async Task<(double RecoverySeconds, double MemoryMb)> MeasureAsync(DirectoryInfo folder)
    {
        var file = Path.Combine(folder.FullName, $"waiting-{Guid.NewGuid():N}.db");
        var (_, filledMb) = await ChildAsync(file, "--fill", Count.ToString(CultureInfo.InvariantCulture));
        var (seconds, recoveredMb) = await ChildAsync(file);
        return (seconds, Math.Max(filledMb, recoveredMb));
    }

    /// <summary>The child: prints seconds and megabytes, then waits to be killed.</summary>
    public static async Task RunAsync(string file, int fill)
    {
        var watch = Stopwatch.StartNew();
        var engine = await EngineUnderTest.StartAsync(file);
        if (fill > 0)
            await FillAsync(engine, fill);
        else
            await AnswerAsync(engine);
        var seconds = watch.Elapsed.TotalSeconds;
        await engine.IdleAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {Environment.WorkingSet / 1048576.0}"));
        await Task.Delay(Timeout.Infinite);
    }

    private static async Task FillAsync(EngineUnderTest engine, int count)
    {
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (number, _) =>
            await engine.StartAsync(Workloads.Wait, id: $"waiting-{number}"));
        await engine.IdleAsync();
    }

    private static async Task AnswerAsync(EngineUnderTest engine)
    {
        var id = $"waiting-{Random.Shared.Next(Count)}";
        await engine.Client.RaiseEventAsync(id, Workloads.Go, "on");
        await engine.EndAsync(id);
    }

    private static async Task<(double Seconds, double Megabytes)> ChildAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        // Where the program was started through the dotnet command, that comes first.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(WaitingInstances).Assembly.Location);
        start.ArgumentList.Add("waiting");
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        try
        {
            var line = await child.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The process with the waiting instances ended early.");
            var figures = line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToList();
            return (figures[0], figures[1]);
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }
    }
}
