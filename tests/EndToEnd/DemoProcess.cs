using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Orchestrator.EndToEnd;

/// <summary>Runs the demo as a user would, with what the build left, and reads the last line that it prints.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly Task _logging;
    private readonly Channel<string> _logLines = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _limit = new(Limit);

    private DemoProcess(Process process)
    {
        _process = process;
        _logging = ReadLogAsync();
    }

    public int Id => _process.Id;

    public static DemoProcess Start(params string[] switches) => Start(new Dictionary<string, string>(), switches);

    /// <param name="settings">Environment variables, which its functions app inherits.</param>
    public static DemoProcess Start(IReadOnlyDictionary<string, string> settings, params string[] switches)
    {
        var assembly = Path.Combine(Root(), "local", "Demo", "bin", "Local", "Debug", "net10.0", "Orchestrator.Local.Demo.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, "--json", "--no-build", .. switches])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new DemoProcess(Process.Start(start)!);
    }

    /// <summary>Runs the demo to its end and returns its result. Fails with everything it said when it does not call itself a success.</summary>
    public static Task<JsonElement> RunAsync(params string[] switches) => RunAsync(new Dictionary<string, string>(), switches);

    /// <inheritdoc cref="RunAsync(string[])"/>
    public static async Task<JsonElement> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] switches)
    {
        await using var demo = Start(settings, switches);
        var result = await demo.LineAsync();
        var code = await demo.EndAsync();
        await demo._logging;
        Assert.True(code == 0, $"exit code {code}\n{result}\n{demo._log}");
        return result;
    }

    /// <summary>The one line of standard output: the result.</summary>
    public async Task<JsonElement> LineAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync(_limit.Token);
        Assert.True(line is not null, $"the demo printed no result\n{_log}");
        return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>Returns when a line of standard error holds the text.</summary>
    public async Task LogLineAsync(string text)
    {
        await foreach (var line in _logLines.Reader.ReadAllAsync(_limit.Token))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"the demo never said '{text}'\n{_log}");
    }

    /// <summary>Asks the demo to stop, as Ctrl+C and a service manager do.</summary>
    public async Task InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(_limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _limit.Dispose();
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _log.AppendLine(line);
            _logLines.Writer.TryWrite(line);
        }

        _logLines.Writer.Complete();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
