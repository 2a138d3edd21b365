using System.Diagnostics;
using System.Text.Json.Nodes;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Migration;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Benchmarks.Footprint;

/// <summary>Migrates a shop without customers twice, each in a world of its own, with more objects the second time, and counts what that took.</summary>
internal sealed class FootprintBenchmark(FootprintOptions options, Repository repository, FootprintWorld world, Tokens tokens)
{
    /// <summary>Until what was under way when a state was shown has been written.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly ShopNames Names = new();

    public static async Task<FootprintFigures> RunAsync(FootprintOptions options, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var repository = Repository.Find("Release");
        var folder = Directory.CreateTempSubdirectory("orchestrator-benchmark-");
        try
        {
            await new Builder(repository, new Screen(json: true), folder.FullName).PrepareAsync(build: true, cancellationToken);
            var runs = new List<RunFootprint>();
            foreach (var objects in options.Objects)
            {
                var tokens = new Tokens();
                await using var world = await FootprintWorld.StartAsync(repository, tokens, Path.Combine(folder.FullName, $"{objects}"), cancellationToken);
                var run = await new FootprintBenchmark(options, repository, world, tokens).RunAsync(objects, cancellationToken);
                Console.Error.WriteLine($"{objects} objects: {run.Status}, {run.Seconds:0.0} s, {run.Migration["actions"]} actions, {run.PeakMemoryMB:0} MB {run.Failure}");
                runs.Add(run);
            }

            return FootprintFigures.Of(runs[0], runs[^1], options.IsQuick) with { Seconds = Math.Round(watch.Elapsed.TotalSeconds, 1) };
        }
        finally
        {
            if (options.KeepLogs) Console.Error.WriteLine($"Logs and state: {folder.FullName}");
            else folder.Delete(recursive: true);
        }
    }

    private async Task<RunFootprint> RunAsync(int objects, CancellationToken cancellationToken)
    {
        using var armHttp = world.Emulator.ArmClient();
        using var sites = SiteHttp.Client(world.Emulator.Addresses.Front.Port);
        var shop = new ShopSite(new Arm(armHttp), world.Blobs, repository, Names);
        await shop.PublishPackagesAsync(cancellationToken);
        var files = MediaCatalog.Choose(repository.AzuriteModules, objects);
        await shop.OpenAsync(files, sites, cancellationToken);
        await OrderAsync(cancellationToken);

        using var meter = new Meter(world);
        using var api = new MigrationApi(world.App.Address, tokens);
        var began = await meter.TakeAsync(cancellationToken);
        var run = await UntilAsync(api, await api.StartAsync(Spec(shop.V2Package), Tokens.Dee, cancellationToken), seen => seen.PendingApproval is not null, cancellationToken);

        await Task.Delay(Settling, cancellationToken);
        var asked = await meter.TakeAsync(cancellationToken);
        await Task.Delay(options.ApprovalHold, cancellationToken);
        var waited = await meter.TakeAsync(cancellationToken);
        if (run.PendingApproval is { } question) await api.AnswerAsync(question, "approve", "checked plan and verification", Tokens.Ben, cancellationToken);

        run = await UntilAsync(api, run, _ => false, cancellationToken);
        await Task.Delay(Settling, cancellationToken);
        var ended = await meter.TakeAsync(cancellationToken);
        await Task.Delay(options.WayBackHold, cancellationToken);
        var kept = await meter.TakeAsync(cancellationToken);

        var bytes = files.Where(file => file.Path.Length > 0).Sum(file => new FileInfo(file.Path).Length);
        return await FootprintOf(run, objects, bytes, meter, [began, asked, waited, ended, kept], cancellationToken);
    }

    /// <summary>Both containers have something in them, as those of a shop that was ever open.</summary>
    private async Task OrderAsync(CancellationToken cancellationToken)
    {
        for (var number = 1; number <= options.Orders; number++)
            await world.Blobs.Container(Azurite.Source, Names.Orders).GetBlobClient($"{number:D6}.json").UploadAsync(BinaryData.FromString($$"""{"order":{{number}}}"""), cancellationToken);
    }

    private static async Task<RunFootprint> FootprintOf(Run run, int objects, long bytes, Meter meter, Reading[] at, CancellationToken cancellationToken)
    {
        var migration = at[1].Counts.Since(at[0].Counts);
        migration.Add(at[3].Counts.Since(at[2].Counts));
        var spans = meter.History.Spans().Where(span => span.Began < at[3].Time).ToList();
        var calls = (await meter.Arm.AllAsync(cancellationToken)).Where(call => call.Time >= at[0].Time).ToList();
        var (memory, processor) = meter.Process();
        return new RunFootprint
        {
            Status = run.Status,
            Failure = run.Failure is { } failure ? $"{failure.Step}: {failure.Code}: {failure.Detail}" : null,
            Objects = objects,
            Bytes = bytes,
            Seconds = Math.Round((at[1].Time - at[0].Time + (at[3].Time - at[2].Time) - (2 * Settling)).TotalSeconds, 1),
            BusySeconds = Busy(spans),
            BusySecondsWithoutProbes = Busy(spans.Where(span => span.Name != "ProbeSite")),
            LongestActivities = [.. spans.GroupBy(span => span.Name).Select(group => group.MaxBy(span => span.Seconds)!).OrderByDescending(span => span.Seconds).Take(8)
                .Select(span => FormattableString.Invariant($"{span.Name} {span.Seconds:0.0}"))],
            Migration = migration.Values,
            Approval = new Waiting(Seconds(at[1], at[2]), at[2].Counts.Since(at[1].Counts).Values),
            WayBack = new Waiting(Seconds(at[3], at[4]), at[4].Counts.Since(at[3].Counts).Values),
            Largest = meter.History.Largest().Values,
            ArmReadsInBusiestSecond = ArmCalls.Busiest(calls, LoggedCall.Reads, TimeSpan.FromSeconds(1)),
            ArmReadsInBusiestMinute = ArmCalls.Busiest(calls, LoggedCall.Reads, TimeSpan.FromMinutes(1)),
            PeakMemoryMB = memory,
            ProcessorSeconds = processor,
            HistoriesBegunAnew = meter.History.BegunAnew(),
            All = migration,
        };
    }

    /// <summary>How long at least one was under way.</summary>
    private static double Busy(IEnumerable<ActivitySpan> spans)
    {
        var (busy, until) = (TimeSpan.Zero, DateTimeOffset.MinValue);
        foreach (var span in spans.OrderBy(span => span.Began))
        {
            if (span.Ended <= until) continue;
            busy += span.Ended - (span.Began > until ? span.Began : until);
            until = span.Ended;
        }

        return Math.Round(busy.TotalSeconds, 1);
    }

    private static double Seconds(Reading from, Reading to) => Math.Round((to.Time - from.Time).TotalSeconds, 1);

    private static async Task<Run> UntilAsync(MigrationApi api, Run run, Func<Run, bool> isThere, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        while (!run.HasEnded && !isThere(run))
        {
            if (run.PendingDecision is { } decision) throw new DemoException($"The run asks for a decision at {decision.Step}: {decision.Error?.Code} {decision.Error?.Detail}");
            run = await api.GetAsync(run, TimeSpan.FromSeconds(5), limit.Token);
        }

        return run;
    }

    /// <summary>The demo's, with the limit of the pause and the way back as they are by default.</summary>
    private JsonObject Spec(Uri package)
    {
        var spec = ShopSpec.Compose(world.Blobs, Names, package, notBefore: null);
        spec["writePause"]!.AsObject().Remove("limit");
        return spec;
    }
}
