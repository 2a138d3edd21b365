using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.DurableTask;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.DurableTask;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Tests.Traffic;
using Orchestrator.Workflows.Traffic;

namespace Orchestrator.Workflows.Tests.Migrations;

/// <summary>
/// Runs that were recorded, each by the version whose folder it stands in, go on under the code of today. A red test here is a run that an upgrade
/// would break: the change belongs behind <see cref="TaskOrchestrationContext.CompareVersionTo"/>, with a new <c>defaultVersion</c> in host.json.
/// <c>ORCHESTRATOR_APPROVE=1</c> records anew for the version of host.json.
/// </summary>
public sealed class RecordedHistoryTests(Azurite azurite) : IClassFixture<Azurite>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/workflows/Histories");

    /// <summary>What was recorded under any version, and what must be under the current one.</summary>
    public static TheoryData<string> Recorded => [.. Directory.EnumerateFiles(Folder, "*.gz", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file))
        .Union(All.Keys.Select(FileOf), StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Recorded))]
    public async Task A_recorded_run_goes_on_under_todays_code(string recorded)
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_APPROVE") == "1" && All.Keys.SingleOrDefault(name => FileOf(name) == recorded) is { } current)
            await RecordAsync(current);
        var folder = Directory.CreateTempSubdirectory("orchestrator-history-");
        var copy = Path.Combine(folder.FullName, "state.db");
        await using (var compressed = new GZipStream(File.OpenRead(Path.Combine(Folder, recorded)), CompressionMode.Decompress))
        await using (var state = File.Create(copy))
            await compressed.CopyToAsync(state);
        using var app = App(folder.FullName);

        var faults = ReplayChecker.Check(app.Services, copy);

        Assert.Equal("", string.Join("\n", faults));
        folder.Delete(recursive: true);
    }

    private async Task RecordAsync(string name)
    {
        var (world, all) = await All[name](azurite);
        Assert.False(await world.StateHoldsAsync(Repository.Root), $"A stack trace names a folder of this machine: build with -p:PathMap={Repository.Root}/=/_/");

        Directory.CreateDirectory(Path.Combine(Folder, CurrentVersion()));
        world.KeepHistory(Path.Combine(Folder, FileOf(name)));
        await all.DisposeAsync();
    }

    private static string FileOf(string name) => Path.Combine(CurrentVersion(), $"{name}.gz");

    private static readonly Dictionary<string, Func<Azurite, Task<(World World, IAsyncDisposable All)>>> All = new(StringComparer.Ordinal)
    {
        ["approved, asked about a lock, succeeded"] = async azurite =>
        {
            var world = await World.StartAsync(azurite);
            await world.StartRunAsync(world.Spec() with { Approval = new ApprovalSpec { Approvers = ["ana@contoso.com"] } });
            await world.UntilAsync("shop-v2", run => run.PendingApproval is not null);
            await world.LockAsync("ReadOnly");
            await world.ApproveAsync();
            var asked = await world.UntilDecisionAsync(CutOverCodes.Locked);
            await world.UnlockAsync();
            await world.DecideAsync(asked, DecisionChoice.Retry);
            return Ended(world, RunStatus.Succeeded, await world.EndAsync("shop-v2"));
        },
        ["succeeded, rolled back"] = async azurite =>
        {
            var world = await World.StartAsync(azurite);
            await world.StartRunAsync(world.Spec() with { Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromHours(1) } });
            await world.UntilAsync("shop-v2", run => run.Status == RunStatus.Succeeded);
            await world.AskAsync(ControlRequest.Rollback);
            return Ended(world, RunStatus.RolledBack, await world.EndAsync("shop-v2"));
        },
        ["failed in the write pause, undone"] = async azurite =>
        {
            var faults = new Faults
            {
                Before = activity => activity == nameof(FinalDelta) ? throw new PermanentFailureException("MIG0999", "fails in this test.") : Task.CompletedTask,
            };
            var world = await World.StartAsync(azurite, faults);
            return Ended(world, RunStatus.Compensated, await world.MigrateAsync(world.Spec()));
        },
        ["rehearsed"] = async azurite =>
        {
            var world = await World.StartAsync(azurite);
            return Ended(world, RunStatus.Rehearsed, await world.MigrateAsync(world.Spec() with { Mode = MigrationMode.Rehearse }));
        },
        ["clients moved in steps"] = async azurite =>
        {
            var scene = await TrafficScene.StartAsync(azurite);
            scene.Open(choosing: 2, others: 2);
            Assert.Equal(TrafficOutcome.Passed, (await scene.MoveAsync(TrafficScene.Steps(10, 50))).Outcome);
            await scene.CloseAsync();
            return (scene.World, scene);
        },
    };

    private static (World, IAsyncDisposable) Ended(World world, string wanted, RunState run)
    {
        Assert.True(run.Status == wanted, $"{run.Status} {run.Failure}");
        return (world, world);
    }

    private static IHost App(string folder)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LocalHost__StateFile"] = Path.Combine(folder, "unused.db"), ["State__Container"] = "http://127.0.0.1:1/none/none" };
        File.Copy(Path.Combine(Repository.Root, "host.json"), Path.Combine(folder, "host.json"));
        var builder = LocalFunctionsApplication.CreateBuilder(new LocalHostOptions { Assemblies = [typeof(MigrationOrchestrator).Assembly], Folder = folder, Listens = false, Settings = settings });
        builder.Services.AddWorkflows(builder.Configuration);
        return builder.Build();
    }

    private static string CurrentVersion() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!["extensions"]!["durableTask"]!["defaultVersion"]!.GetValue<string>();
}
