using System.Diagnostics;

namespace Orchestrator.Local.Demo.Processes;

/// <summary>A process that the demo started. What it prints goes to a file; disposing ends it and whatever it started.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private readonly Process _process;
    private readonly Task _output;

    private Child(string name, Process process, string logFile)
    {
        (Name, _process, LogFile) = (name, process, logFile);
        _output = CopyOutputAsync(process, logFile);
    }

    public string Name { get; }

    public string LogFile { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static Child Start(Command command, string logFile)
    {
        var info = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            WorkingDirectory = command.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in command.Environment)
        {
            info.Environment[name] = value;
        }

        return new Child(command.Name, Process.Start(info)!, logFile);
    }

    /// <summary>SIGKILL: the process gets no chance to tidy up. Returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _output;
    }

    /// <summary>The exit code, once the process has ended by itself; cancelling ends it.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _output;
        return _process.ExitCode;
    }

    /// <summary>The end of what it printed: what a person needs to see when it failed.</summary>
    public string Tail(int lines = 30) =>
        File.Exists(LogFile) ? string.Join(Environment.NewLine, File.ReadLines(LogFile).TakeLast(lines)) : "";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        await _output;
        _process.Dispose();
    }

    private async Task StopAsync()
    {
        using var term = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            await _process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    private static async Task CopyOutputAsync(Process process, string logFile)
    {
        // Appends: a process that is started again goes on in the same file.
        await using var log = TextWriter.Synchronized(new StreamWriter(logFile, append: true) { AutoFlush = true });
        await Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));

        async Task CopyAsync(StreamReader lines)
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                await log.WriteLineAsync(line);
            }
        }
    }
}

/// <summary>What to run, and where.</summary>
internal sealed record Command(string Name, string FileName, IReadOnlyList<string> Arguments, string Directory)
{
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
