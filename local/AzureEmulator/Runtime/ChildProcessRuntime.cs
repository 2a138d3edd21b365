using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>Runs each instance as a process of its own, with the slot's settings as its environment.</summary>
public sealed class ChildProcessRuntime : ISlotRuntime, IAsyncDisposable
{
    /// <summary>What a child inherits; everything else in the emulator's environment is none of its business.</summary>
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "LANG", "DOTNET_ROOT", "DOTNET_CLI_HOME"];

    private readonly ProcessLauncher _launcher = new();
    private readonly ProcessRecord _record;

    /// <param name="dataDirectory">Where the ids of running children are kept; what an emulator that was killed left behind is ended here.</param>
    public ChildProcessRuntime(string dataDirectory)
    {
        _record = new ProcessRecord(Path.Combine(dataDirectory, "pids"));
        _record.EndLeftovers();
    }

    public async Task<ISlotInstance> StartAsync(SlotStart start, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var command = StartCommand.For(start);
        var info = new ProcessStartInfo
        {
            WorkingDirectory = start.ContentRoot,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (ProcessLauncher.DeathSignalTool is { } tool)
        {
            info.FileName = tool;
            info.ArgumentList.Add("--pdeathsig");
            info.ArgumentList.Add("KILL");
            info.ArgumentList.Add("--");
            info.ArgumentList.Add(command.FileName);
        }
        else
        {
            info.FileName = command.FileName;
        }

        foreach (var argument in command.Arguments) info.ArgumentList.Add(argument);
        SetEnvironment(info, start, port);
        var process = await _launcher.StartAsync(info, cancellationToken);
        _record.Add(process);
        return new ChildProcess(process, new Uri($"http://127.0.0.1:{port}"), start.LogFile, _record);
    }

    public ValueTask DisposeAsync()
    {
        _launcher.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void SetEnvironment(ProcessStartInfo info, SlotStart start, int port)
    {
        info.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) info.Environment[name] = value;
        }

        foreach (var (name, value) in start.Environment) info.Environment[name] = value;
        info.Environment["PORT"] = $"{port}";
        info.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
    }

    /// <summary>Asks the system for a port and gives it back at once. Another process may take it first; then the start fails and is repeated.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
