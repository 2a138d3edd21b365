using System.Text.Json;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Customers;
using Orchestrator.Local.Demo.Migration;
using Orchestrator.Local.Demo.Results;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Local.Demo;

/// <summary>The demo from an empty machine to its result.</summary>
internal sealed class DemoRun(DemoOptions options, Screen screen, Repository repository, string folder)
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(3);

    private readonly ShopNames _names = new();
    private readonly Tokens _tokens = new();
    private readonly string _logs = Path.Combine(folder, "logs");

    /// <summary>Returns the exit code: 0 when the run ended as the switches ask for.</summary>
    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var screen = new Screen(options.Json);
        try
        {
            var repository = Repository.Find();
            var folder = Path.Combine(repository.Artifacts, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}");
            Directory.CreateDirectory(Path.Combine(folder, "logs"));
            var result = await new DemoRun(options, screen, repository, folder).RunAsync(cancellationToken);
            return result.Reasons.Count == 0 ? 0 : 1;
        }
        catch (DemoException problem)
        {
            return Fail(options, screen, problem.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail(options, screen, "Stopped.");
        }
        catch (Exception unforeseen)
        {
            // The result line is promised whatever happens; what is wrong is told in full.
            return Fail(options, screen, unforeseen.ToString());
        }
    }

    private async Task<Result> RunAsync(CancellationToken cancellationToken)
    {
        await new Builder(repository, screen, _logs).PrepareAsync(options.Build, cancellationToken);
        screen.Say("Starting Azurite, the Azure emulator and the functions app");
        await using var world = await DemoWorld.StartAsync(
            repository, _tokens, options.FailAt == "sync", folder, _logs, cancellationToken);
        using var armHttp = world.Emulator.ArmClient();
        using var sites = SiteHttp.Client(world.Emulator.Addresses.Front.Port);
        var arm = new Arm(armHttp);
        using var control = new EmulatorControl(world.Emulator.Addresses.Control);
        var shop = new ShopSite(arm, world.Blobs, repository, _names);

        screen.Say($"Setting up the shop with {options.Objects} media");
        var media = await SetUpAsync(shop, sites, cancellationToken);
        var settingsBefore = await arm.SettingsAsync(_names.Site, cancellationToken);

        await using var crowd = new Crowd(world.Emulator.Addresses.Front.Port, _names.Host, media);
        screen.Say("Customers are shopping");
        await Task.Delay(Before, cancellationToken);
        if (options.FailAt is { } step)
        {
            await control.FailAsync(step, cancellationToken);
        }

        using var api = new MigrationApi(world.App.Address, _tokens);
        var killer = new Killer(options.KillAt, world.App, control, screen);
        var notBefore = options.KillAt == "wait" ? DateTimeOffset.UtcNow.AddSeconds(8) : (DateTimeOffset?)null;
        var spec = ShopSpec.Compose(world.Blobs, _names, shop.V2Package, notBefore);
        var started = TimeProvider.System.GetTimestamp();
        var conductor = new Conductor(api, killer, options, new StepBoard(screen));
        var run = await conductor.RunAsync(spec, cancellationToken);
        var duration = TimeProvider.System.GetElapsedTime(started);
        await Task.Delay(After, cancellationToken);
        if (options.RollBack && run.Status == "succeeded")
        {
            screen.Say("Customers are served by v2; an operator rolls back");
            run = await conductor.RollBackAsync(run, cancellationToken);
            await Task.Delay(After, cancellationToken);
        }

        await crowd.LeaveAsync();

        screen.Say("Checking");
        var found = await new Inspection(world.Blobs, _names, arm, control, sites, media).LookAsync(run, crowd.Ledger, settingsBefore, cancellationToken);
        var result = found with
        {
            DurationMs = (long)duration.TotalMilliseconds,
            Report = await SaveReportAsync(api, run, cancellationToken),
            KillAt = options.KillAt,
            Killed = options.KillAt is null ? null : killer.Killed,
            FailAt = options.FailAt,
            Addresses = options.Keep ? Addresses(world) : null,
            Tokens = options.Keep ? Tokens.Everybody.ToDictionary(person => person.Roles[^1], _tokens.For) : null,
        };
        result = result with { Reasons = Judgement.Of(result, options) };
        await TellAsync(result, crowd.Ledger, cancellationToken);
        if (options.Keep)
        {
            await KeepAsync(result, cancellationToken);
        }

        return result;
    }

    private async Task<IReadOnlyList<StoredMedia>> SetUpAsync(ShopSite shop, HttpClient sites, CancellationToken cancellationToken)
    {
        await shop.PublishPackagesAsync(cancellationToken);
        return await shop.OpenAsync(MediaCatalog.Choose(repository.AzuriteModules, options.Objects), sites, cancellationToken);
    }

    private async Task<string?> SaveReportAsync(MigrationApi api, Run run, CancellationToken cancellationToken)
    {
        if (await api.ReportAsync(run.Id, cancellationToken) is not { } page)
        {
            return null;
        }

        var file = Path.Combine(folder, "report.html");
        await File.WriteAllTextAsync(file, page, cancellationToken);
        return file;
    }

    private async Task TellAsync(Result result, Ledger ledger, CancellationToken cancellationToken)
    {
        ResultTable.Show(result, screen.Console);
        if (ledger.Failures.Count > 0)
        {
            var file = Path.Combine(_logs, "failed-requests.txt");
            await File.WriteAllLinesAsync(file, ledger.Failures.Select(failure => failure.ToString()), cancellationToken);
            screen.Bad($"{ledger.Failures.First()} (more in {file})");
        }

        Print(options, result);
    }

    private static Dictionary<string, string> Addresses(DemoWorld world) => new()
    {
        ["shop"] = $"http://shop.localhost:{world.Emulator.Addresses.Front.Port}/",
        ["orchestrator"] = $"{world.App.Address}",
        ["arm"] = $"{world.Emulator.Addresses.Arm}",
        ["armCertificate"] = world.Emulator.Addresses.Certificate,
        ["emulator"] = $"{world.Emulator.Addresses.Control}",
        ["blobs"] = $"{world.Blobs.Endpoint}",
    };

    private async Task KeepAsync(Result result, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in result.Addresses!.Concat(result.Tokens!))
        {
            screen.Say($"{name,-18} {value}");
        }

        screen.Say("Ctrl+C stops everything");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            screen.Say("Stopping");
        }
    }

    private static void Print(DemoOptions options, Result result)
    {
        if (options.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, ResultJson.Default.Result));
        }
    }

    private static int Fail(DemoOptions options, Screen screen, string reason)
    {
        screen.Bad(reason);
        Print(options, new Result { Status = "error", Reasons = [reason] });
        return 1;
    }
}
