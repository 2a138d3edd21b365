using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>One instance that is a process. Stopping asks it to end and, after a while, makes it.</summary>
internal sealed partial class ChildProcess : ISlotInstance
{
    private const int Terminate = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ProcessRecord _record;
    private readonly Task _output;
    private int _disposed;

    public ChildProcess(Process process, Uri address, string logFile, ProcessRecord record)
    {
        _process = process;
        _record = record;
        Address = address;
        ProcessId = process.Id;
        Exited = process.WaitForExitAsync();
        _output = CopyOutputAsync(logFile);
    }

    public Uri Address { get; }

    public int? ProcessId { get; }

    public Task Exited { get; }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (!Exited.IsCompleted)
        {
            _ = Signal(_process.Id, Terminate);
            if (await Task.WhenAny(Exited, Task.Delay(Grace)) != Exited) _process.Kill(entireProcessTree: true);
            await Exited;
        }

        await Task.WhenAny(_output, Task.Delay(Grace));
        _record.Remove(_process.Id);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int pid, int signal);

    private async Task CopyOutputAsync(string logFile)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);
        await using var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        using var turn = new SemaphoreSlim(1, 1);
        await Task.WhenAll(CopyAsync(_process.StandardOutput, log, turn), CopyAsync(_process.StandardError, log, turn));
    }

    private async Task CopyAsync(StreamReader from, StreamWriter log, SemaphoreSlim turn)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            await turn.WaitAsync();
            await log.WriteLineAsync($"{DateTime.UtcNow:O} [{_process.Id}] {line}");
            turn.Release();
        }
    }
}
