using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Local.Functions.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task On_SIGTERM_a_running_activity_ends_and_the_next_start_goes_on_from_there()
    {
        await using var app = AppProcess.Start(folder);
        using (var http = new HttpClient { BaseAddress = await app.AddressAsync() })
            (await http.PostAsync("/api/begin/run-1", content: null)).Dispose();
        await app.LineAsync("first step runs");

        await app.TerminateAsync();
        await app.LineAsync("Stopping");
        await app.Input.WriteLineAsync("first");

        Assert.Equal(0, await app.ExitCodeAsync());
        Assert.Empty(app.Errors);
        await using var next = AppProcess.Start(folder);
        using var again = new HttpClient { BaseAddress = await next.AddressAsync() };
        Assert.Equal("first, second", await again.GetStringAsync("/api/outcome/run-1"));
    }

    [Fact]
    public async Task An_idle_app_stops_at_once_with_exit_code_0()
    {
        await using var app = AppProcess.Start(folder);
        await app.AddressAsync();

        await app.TerminateAsync();

        Assert.Equal(0, await app.ExitCodeAsync());
    }

    [Fact]
    public async Task A_start_lists_the_functions_with_their_triggers()
    {
        await using var app = AppProcess.Start(folder);

        Assert.EndsWith("Hello: [GET] /api/hello/{name}", await app.LineAsync("Hello"), StringComparison.Ordinal);
        Assert.EndsWith("TwoSteps: orchestrator", await app.LineAsync("TwoSteps"), StringComparison.Ordinal);
        Assert.EndsWith("FirstStep: activity", await app.LineAsync("FirstStep"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_in_one_line_with_exit_code_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var app = AppProcess.Start(folder, $"http://127.0.0.1:{port}");

        await AssertOneLineAsync(app, $"127.0.0.1:{port}");
    }

    [Fact]
    public async Task A_state_file_that_another_process_uses_stops_the_start_in_one_line_with_exit_code_1()
    {
        await using var first = AppProcess.Start(folder);
        await first.AddressAsync();

        await using var second = AppProcess.Start(folder);

        await AssertOneLineAsync(second, Path.Combine(".orchestrator", "state.db"));
    }

    [Fact]
    public async Task A_broken_host_json_stops_the_start_in_one_line_with_exit_code_1()
    {
        folder.Write("host.json", "{ \"version\": ");

        await using var app = AppProcess.Start(folder);

        await AssertOneLineAsync(app, folder.File("host.json"));
    }

    private static async Task AssertOneLineAsync(AppProcess app, string said)
    {
        Assert.Equal(1, await app.ExitCodeAsync());
        var line = Assert.Single(app.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("The app does not start: ", line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
    }
}
