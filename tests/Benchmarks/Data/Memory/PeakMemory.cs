using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Benchmarks.Data.Bare;
using Orchestrator.Benchmarks.Data.Product;
using Orchestrator.Benchmarks.Data.Servers;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Benchmarks.Data.Memory;

/// <summary>The peak working sets of processes that do one thing each.</summary>
internal static class PeakMemory
{
    public static async Task<MemoryFigure> MeasureAsync(DataSizes sizes, DirectoryInfo place) => new(
        await LargeObjectAsync(sizes.HugeBytes, place),
        Math.Round(sizes.HugeBytes / (double)(1L << 30), 3),
        await ManyNamesAsync(sizes.Names, place),
        sizes.Names);

    /// <summary>The child: does the job that it reads from standard input and prints its peak in megabytes.</summary>
    public static async Task RunAsync()
    {
        var job = JsonSerializer.Deserialize<MemoryJob>(await Console.In.ReadLineAsync() ?? throw new InvalidOperationException("No job on standard input."))!;
        await using (var app = await AppUnderTest.StartAsync(job)) await app.RunAsync();
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{self.PeakWorkingSet64 / 1048576.0:0.0}"));
    }

    private static async Task<double> LargeObjectAsync(long bytes, DirectoryInfo place)
    {
        await using var azurite = await AzuriteServer.StartAsync(place);
        using var bare = new BareClient(azurite.Key);
        var (source, state) = (azurite.NewContainer("shopstore"), azurite.NewContainer("orchstore"));
        await bare.FillHugeAsync(source, new SourceObject("backup.bak", bytes));
        var data = ProductRun.Pair(source, azurite.NewContainer());
        await new ProductRun(azurite).EnsureTargetAsync(data);
        await bare.CreateContainerAsync(state);
        return await ChildAsync(new MemoryJob([.. AccountsOf(azurite)], data, state, Objects: 1, bytes, Verifies: false));
    }

    /// <summary>The names are generated; what the run keeps of them is kept on a real server.</summary>
    private static async Task<double> ManyNamesAsync(int names, DirectoryInfo place)
    {
        await using var azurite = await AzuriteServer.StartAsync(place);
        using var bare = new BareClient(azurite.Key);
        var state = azurite.NewContainer("orchstore");
        await bare.CreateContainerAsync(state);
        await using var store = await GeneratedStore.StartAsync(names);
        var data = ProductRun.Pair(store.Source, store.Target);
        return await ChildAsync(new MemoryJob(
            [new BlobAccount { Endpoint = store.Endpoint, Key = GeneratedStore.Key }, .. AccountsOf(azurite)], data, state, names, (long)names * GeneratedStore.ObjectBytes, Verifies: true));
    }

    private static IEnumerable<BlobAccount> AccountsOf(AzuriteServer azurite) => azurite.Endpoints.Select(endpoint => new BlobAccount { Endpoint = endpoint, Key = azurite.Key });

    private static async Task<double> ChildAsync(MemoryJob job)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        // Where the program was started through the dotnet command, that comes first.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(PeakMemory).Assembly.Location);
        start.ArgumentList.Add(DataCommands.MemoryName);

        var watch = Stopwatch.StartNew();
        using var child = Process.Start(start)!;
        await child.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job));
        child.StandardInput.Close();
        string? last = null;
        while (await child.StandardOutput.ReadLineAsync() is { } line) last = line;
        await child.WaitForExitAsync();
        if (child.ExitCode != 0 || !double.TryParse(last, CultureInfo.InvariantCulture, out var megabytes))
            throw new InvalidOperationException($"The process whose memory is measured ended with {child.ExitCode}: {last}");
        Console.Error.WriteLine($"{job.Objects} objects, {job.Bytes >> 20} MB: peak {megabytes:0.0} MB, {watch.Elapsed.TotalSeconds:0.0} s");
        return megabytes;
    }
}
