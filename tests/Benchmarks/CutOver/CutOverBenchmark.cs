using System.Diagnostics;
using System.Text.Json.Nodes;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Migration;
using Orchestrator.Local.Demo.Results;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Benchmarks.CutOver;

/// <summary>
/// Migrates one shop after the other in one world, each with its own site, data and customers, then does the same without the product.
/// What was there for a run is made before its customers come, and removed after they left.
/// </summary>
internal sealed class CutOverBenchmark(CutOverOptions options, Repository repository, DemoWorld world, Tokens tokens, Arm arm, HttpClient sites, EmulatorControl control)
{
    private readonly IReadOnlyList<MediaFile> _files = MediaCatalog.Choose(repository.AzuriteModules, options.Objects);

    public static async Task<CutOverFigures> RunAsync(CutOverOptions options, CancellationToken cancellationToken)
    {
        var repository = Repository.Find("Release");
        var folder = Directory.CreateTempSubdirectory("orchestrator-benchmark-");
        var logs = folder.CreateSubdirectory("logs").FullName;
        try
        {
            var tokens = new Tokens();
            await new Builder(repository, new Screen(json: true), logs).PrepareAsync(build: true, cancellationToken);
            var watch = Stopwatch.StartNew();
            await using var world = await DemoWorld.StartAsync(repository, tokens, targetRefusesBlobs: false, folder.FullName, logs, cancellationToken);
            using var armHttp = world.Emulator.ArmClient();
            using var sites = SiteHttp.Client(world.Emulator.Addresses.Front.Port);
            using var control = new EmulatorControl(world.Emulator.Addresses.Control);
            var benchmark = new CutOverBenchmark(options, repository, world, tokens, new Arm(armHttp), sites, control);
            return await benchmark.RunAsync(cancellationToken) with { Seconds = Math.Round(watch.Elapsed.TotalSeconds, 1) };
        }
        finally
        {
            if (options.KeepLogs) Console.Error.WriteLine($"Logs and state: {folder.FullName}");
            else folder.Delete(recursive: true);
        }
    }

    private async Task<CutOverFigures> RunAsync(CancellationToken cancellationToken)
    {
        await new ShopSite(arm, world.Blobs, repository, new ShopNames()).PublishPackagesAsync(cancellationToken);
        var runs = await RepeatAsync(options.Runs, "migration", "", (names, package) => MigrateAsync(names, package, cancellationToken), cancellationToken);
        var naive = await RepeatAsync(
            options.NaiveRuns, "naive", "-naive", (names, package) => new NaiveMigration(world.Blobs, arm, sites, names, package).RunAsync(cancellationToken), cancellationToken);
        return CutOverFigures.Of(runs) with
        {
            Naive = naive.Count == 0 ? null : CutOverFigures.Of(naive),
            Objects = options.Objects,
            Quick = options.IsQuick,
            Processors = Environment.ProcessorCount,
        };
    }

    private async Task<IReadOnlyCollection<RunUnderLoad>> RepeatAsync(
        int times, string what, string ending, Func<ShopNames, Uri, Task<Run>> migrate, CancellationToken cancellationToken)
    {
        var runs = new List<RunUnderLoad>();
        for (var number = 1; number <= times; number++)
        {
            var watch = Stopwatch.StartNew();
            var run = await MeasureAsync(new ShopNames($"{ending}{number}"), migrate, cancellationToken);
            runs.Add(run);
            Tell($"{what} {number} of {times}", run, watch.Elapsed);
        }

        return runs;
    }

    private async Task<RunUnderLoad> MeasureAsync(ShopNames names, Func<ShopNames, Uri, Task<Run>> migrate, CancellationToken cancellationToken)
    {
        var shop = new ShopSite(arm, world.Blobs, repository, names);
        var media = await shop.OpenAsync(_files, sites, cancellationToken);
        var settingsBefore = await arm.SettingsAsync(names.Site, cancellationToken);

        await using var customers = new Arrivals(options, world.Emulator.Addresses.Front.Port, names.Host, media);
        await Task.Delay(options.Before, cancellationToken);
        var began = customers.Ledger.Elapsed;
        var run = await migrate(names, shop.V2Package);
        var ended = customers.Ledger.Elapsed;
        await Task.Delay(options.After, cancellationToken);
        await customers.LeaveAsync();

        var found = await new Inspection(world.Blobs, names, arm, control, sites, media).LookAsync(run, customers.Ledger, settingsBefore, cancellationToken);
        await RemoveAsync(names, cancellationToken);
        return new RunUnderLoad(found with { DurationMs = (long)(ended - began).TotalMilliseconds }, customers, began, ended);
    }

    private async Task<Run> MigrateAsync(ShopNames names, Uri package, CancellationToken cancellationToken)
    {
        using var api = new MigrationApi(world.App.Address, tokens);
        var conductor = new Conductor(api, new Killer(null, world.App, control, Screen.Silent), new DemoOptions(), new StepBoard(Screen.Silent));
        try
        {
            return await conductor.RunAsync(Spec(names, package), cancellationToken);
        }
        catch (DemoException problem)
        {
            // It counts as a run that did not succeed, and its customers are counted all the same.
            return new Run { Id = names.Run, Status = "stuck", Failure = new Failure("", "", problem.Message) };
        }
    }

    /// <summary>The demo's, with the limit of the pause as it is by default, a short watch, and no way back afterwards.</summary>
    private JsonObject Spec(ShopNames names, Uri package)
    {
        var spec = ShopSpec.Compose(world.Blobs, names, package, notBefore: null);
        spec["writePause"]!.AsObject().Remove("limit");
        spec["watch"]!["duration"] = "PT5S";
        spec["rollback"] = new JsonObject { ["expiresAfter"] = "PT0S" };
        return spec;
    }

    private async Task RemoveAsync(ShopNames names, CancellationToken cancellationToken)
    {
        await arm.DeleteAsync(names.Site, cancellationToken);
        foreach (var container in new[] { names.Media, names.Orders })
        {
            await world.Blobs.Container(Azurite.Source, container).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            await world.Blobs.Container(Azurite.Target, container).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }

        await world.Blobs.Container(Azurite.Own, names.Snapshots).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    private static void Tell(string what, RunUnderLoad run, TimeSpan all)
    {
        var found = run.Found;
        Console.Error.WriteLine(
            $"{what}: {found.Status} {found.ServedVersion}, {found.Requests} requests, {found.FailedRequests} failed, {found.Writes} writes, {found.LostWrites} lost, "
            + $"{found.RepeatedWrites} repeated, pause {found.WritePauseMs} ms, refused for {run.RefusedFor.TotalMilliseconds:0} ms, longest write {found.LongestWriteMs} ms, late by up to {run.Latest.TotalMilliseconds:0} ms, "
            + $"{found.DurationMs / 1000.0:0.0} s of {all.TotalSeconds:0.0} s {found.Failure}");
        foreach (var failure in run.Customers.Ledger.Failures.Take(3)) Console.Error.WriteLine($"  {failure}");
    }
}
