using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>
/// Starts processes from one thread that lives as long as the emulator. The kernel ties a parent-death signal to the thread that
/// forked, so a child launched from a pool thread would be killed whenever that thread retires.
/// </summary>
internal sealed class ProcessLauncher : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _orders = [];

    public ProcessLauncher() => new Thread(Run) { IsBackground = true, Name = "process launcher" }.Start();

    /// <summary>util-linux's setpriv, which makes the kernel kill the child when the emulator dies, even by SIGKILL. Absent elsewhere.</summary>
    public static string? DeathSignalTool { get; } = Array.Find(["/usr/bin/setpriv", "/bin/setpriv"], File.Exists);

    public Task<Process> StartAsync(ProcessStartInfo info, CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add((info, started), cancellationToken);
        return started.Task;
    }

    public void Dispose() => _orders.CompleteAdding();

    private void Run()
    {
        foreach (var (info, started) in _orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception problem)
            {
                started.SetException(problem);
            }
        }

        _orders.Dispose();
    }
}
