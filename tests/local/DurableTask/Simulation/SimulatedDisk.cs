using System.Collections.Concurrent;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>
/// The disk under one state file, in memory. A crash copies what it leaves to a new path: whoever still runs from before
/// goes on with files that nobody will read again. Making and removing a file is durable at once, which SQLite asks of a
/// directory by syncing it.
/// </summary>
public sealed class SimulatedDisk : IDisposable
{
    private static readonly ConcurrentDictionary<string, SimulatedDisk> Disks = new(StringComparer.Ordinal);

    private readonly string folder;
    private readonly Dictionary<string, SimulatedFile> files = new(StringComparer.Ordinal);
    private int crashes;

    /// <param name="folder">Names the disk; other files than those of SQLite really go there.</param>
    public SimulatedDisk(string folder)
    {
        SimulatedVfs.Register();
        this.folder = folder;
        Disks[folder] = this;
    }

    /// <summary>Another one after each crash.</summary>
    public string StateFile => Path.Combine(folder, $"state-{crashes}.db");

    /// <summary>Asked before each write and sync: whether it fails.</summary>
    public Func<bool> Fails { get; set; } = () => false;

    /// <summary>Guards the disk, its files and the locks on them.</summary>
    public Lock Gate { get; } = new();

    /// <returns>Null when it is gone: a run that failed leaves its files open until they are collected.</returns>
    public static SimulatedDisk? Of(string path) => Disks.GetValueOrDefault(Path.GetDirectoryName(path)!);

    public SimulatedFile Open(string path) => files.TryGetValue(path, out var file) ? file : files[path] = new SimulatedFile();

    public bool Exists(string path) => files.ContainsKey(path);

    public bool Delete(string path) => files.Remove(path);

    public void Kill() => Crash(file => file.AfterKill());

    public void CutPower(Random random) => Crash(file => file.AfterPowerCut(random));

    public void Dispose() => Disks.TryRemove(folder, out _);

    private void Crash(Func<SimulatedFile, SimulatedFile> leave)
    {
        lock (Gate)
        {
            var before = StateFile;
            crashes++;
            foreach (var ending in new[] { "", "-wal", "-journal" })
            {
                if (files.TryGetValue(before + ending, out var file))
                    files[StateFile + ending] = leave(file);
            }
        }
    }
}
