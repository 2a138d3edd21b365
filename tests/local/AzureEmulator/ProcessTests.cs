using System.Diagnostics;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Runtime;
using Orchestrator.Local.AzureEmulator.Tests.Support;

namespace Orchestrator.Local.AzureEmulator.Tests;

/// <summary>Slots that are real processes. The app is the emulator itself, which answers every request one way or another.</summary>
public sealed class ProcessTests
{
    private static readonly string Emulator = typeof(EmulatorHost).Assembly.Location;

    private static string Command => $"dotnet '{Emulator}' --data . --front-port $PORT";

    [Fact]
    public async Task A_slot_runs_a_process_that_is_replaced_on_restart_and_ends_with_the_emulator()
    {
        int first, second;
        await using (var world = await StartAsync())
        {
            first = await ProcessIdAsync(world);
            await using var customers = Callers.Of(world);
            await world.Arm.SendAsync("POST", World.Site + "/restart", null, "synchronous=true");
            second = await ProcessIdAsync(world);
            Assert.Empty(await customers.StopAsync());
            await Until.TrueAsync(() => Task.FromResult(!Lives(first)), "the old process has ended");
            Assert.True(Lives(second));
        }

        Assert.NotEqual(first, second);
        Assert.False(Lives(second));
    }

    [Fact]
    public async Task A_process_that_is_killed_is_started_again()
    {
        await using var world = await StartAsync();
        var first = await ProcessIdAsync(world);

        using (var process = Process.GetProcessById(first)) process.Kill();
        await Until.TrueAsync(async () => await ProcessIdAsync(world) is var id && id != 0 && id != first, "another process runs");

        Assert.Equal(404, await AskAsync(world));
    }

    [Fact]
    public async Task Output_is_kept_in_a_file_for_each_slot()
    {
        await using var world = await StartAsync();
        var log = Path.Combine(world.Data, "logs", "shop", "production.log");

        await Until.TrueAsync(() => Task.FromResult(File.Exists(log) && ReadShared(log).Contains("\"arm\":\"https://127.0.0.1:")), "the app's line is in the log");
    }

    [Fact]
    public async Task When_the_emulator_is_killed_its_apps_end_too()
    {
        var data = Directory.CreateTempSubdirectory("emulator-").FullName;
        await using var packages = await PackageServer.StartAsync();
        var ready = Path.Combine(data, "ready.json");
        using var emulator = Process.Start(new ProcessStartInfo("dotnet", [Emulator, "--data", data, "--ready-file", ready, "--durations", """{"siteWrite":"00:00:00.01"}"""]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            await Until.TrueAsync(() => Task.FromResult(File.Exists(ready)), "the emulator is up");
            var addresses = JsonNode.Parse(await File.ReadAllTextAsync(ready))!;
            Assert.True(JsonNode.DeepEquals(addresses, JsonNode.Parse((await emulator.StandardOutput.ReadLineAsync())!)));
            await using var world = await World.AttachAsync(new Uri((string)addresses["arm"]!), new Uri((string)addresses["front"]!), (string)addresses["certificate"]!);
            await CreateAsync(world, packages);
            var child = await ProcessIdAsync(world);
            Assert.True(Lives(child));

            emulator.Kill();
            await emulator.WaitForExitAsync();

            if (ProcessLauncher.DeathSignalTool is null) new ProcessRecord(Path.Combine(data, "pids")).EndLeftovers();
            await Until.TrueAsync(() => Task.FromResult(!Lives(child)), "the child has ended");
        }
        finally
        {
            if (!emulator.HasExited) emulator.Kill();
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task What_a_killed_emulator_left_is_ended_by_the_next_one_and_strangers_are_let_be()
    {
        var directory = Path.Combine(Directory.CreateTempSubdirectory("emulator-").FullName, "pids");
        using var left = Process.Start("sleep", "60");
        using var stranger = Process.Start("sleep", "60");
        var record = new ProcessRecord(directory);
        record.Add(left);
        await File.WriteAllTextAsync(Path.Combine(directory, $"{stranger.Id}"), "1");

        record.EndLeftovers();

        await left.WaitForExitAsync();
        Assert.False(stranger.HasExited);
        Assert.Empty(Directory.GetFiles(directory));
        stranger.Kill();
    }

    private static async Task<World> StartAsync()
    {
        var world = await World.StartAsync(options => new EmulatorOptions { DataDirectory = options.DataDirectory, RetryAfterSeconds = 0, Durations = options.Durations with { StartLimit = TimeSpan.FromSeconds(30), HoldLimit = TimeSpan.FromSeconds(30) } });
        await CreateAsync(world, world.Packages);
        return world;
    }

    private static async Task CreateAsync(World world, PackageServer packages)
    {
        await world.Arm.OkAsync("PUT", World.Group, """{"location":"westeurope"}""");
        await world.Arm.OkAsync("PUT", World.Site, $$$"""{"location":"westeurope","properties":{"siteConfig":{"appCommandLine":"{{{Command}}}"} } }""");
        var done = await world.Arm.SettleAsync("PUT", World.Site + "/extensions/onedeploy", $$$"""{"properties":{"packageUri":"{{{packages.Add("v1")}}}"} }""");
        Assert.Equal("Succeeded", done.Text1("properties", "provisioningState"));
        Assert.Equal(404, await AskAsync(world));
    }

    private static async Task<int> ProcessIdAsync(World world) =>
        (int?)(await world.ControlAsync("state"))["sites"]![0]!["slots"]![0]!["processId"] ?? 0;

    private static async Task<int> AskAsync(World world)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "shop.azurewebsites.net";
        using var response = await world.Front.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static bool Lives(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    /// <summary>Callers for an app that says 404 to all: anything else is a failure of the front end.</summary>
    private sealed class Callers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<string> _failures = [];
        private readonly Task _all;

        private Callers(World world) => _all = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                var status = await AskAsync(world);
                if (status != 404) _failures.Add($"{status}");
            }
        });

        public static Callers Of(World world) => new(world);

        public async Task<IReadOnlyList<string>> StopAsync()
        {
            await _stop.CancelAsync();
            await _all;
            return _failures;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }
    }
}
