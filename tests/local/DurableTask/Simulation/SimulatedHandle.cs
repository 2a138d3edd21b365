using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>A file that SQLite has open, with its locks. SQLite's documentation of sqlite3_io_methods says what they mean.</summary>
internal sealed class SimulatedHandle(SimulatedDisk disk, SimulatedFile file)
{
    private const int Shared = 1;
    private const int Reserved = 2;
    private const int Pending = 3;
    private const int Exclusive = 4;

    // By file, not by path: those who still hold a file from before a crash stay among themselves.
    private static readonly ConditionalWeakTable<SimulatedFile, SharedState> States = [];

    private readonly SharedState shared = States.GetOrCreateValue(file);
    private int level;
    private int memoryShared;
    private int memoryExclusive;

    public SimulatedDisk Disk => disk;

    public SimulatedFile File => file;

    public void Opened() => shared.Handles.Add(this);

    public void Closed() => shared.Handles.Remove(this);

    public bool TryLock(int wanted)
    {
        var highest = Others().Select(other => other.level).DefaultIfEmpty().Max();
        var granted = wanted switch
        {
            Shared => highest < Pending,
            Reserved => highest < Reserved,
            _ => highest == 0,
        };
        if (granted)
            level = Math.Max(level, wanted);
        else if (wanted == Exclusive && highest < Reserved)
            level = Pending;
        return granted;
    }

    public void Unlock(int left) => level = left;

    public bool IsReserved() => shared.Handles.Exists(handle => handle.level >= Reserved);

    public nint MapMemory(int region, int size, bool extend)
    {
        while (extend && shared.Regions.Count <= region)
            shared.Regions.Add(Marshal.AllocHGlobal(size).Cleared(size));
        return region < shared.Regions.Count ? shared.Regions[region] : 0;
    }

    public bool TryLockMemory(int first, int count, bool exclusive)
    {
        var mask = ((1 << count) - 1) << first;
        if (Others().Any(other => (other.memoryExclusive & mask) != 0 || (exclusive && (other.memoryShared & mask) != 0)))
            return false;
        if (exclusive)
            memoryExclusive |= mask;
        else
            memoryShared |= mask;
        return true;
    }

    public void UnlockMemory(int first, int count, bool exclusive)
    {
        var mask = ~(((1 << count) - 1) << first);
        if (exclusive)
            memoryExclusive &= mask;
        else
            memoryShared &= mask;
    }

    public void UnmapMemory()
    {
        (memoryShared, memoryExclusive) = (0, 0);
        // The last one takes it along.
        if (shared.Handles.Count == 1)
            shared.FreeMemory();
    }

    private IEnumerable<SimulatedHandle> Others() => shared.Handles.Where(handle => handle != this);

    private sealed class SharedState
    {
        public List<SimulatedHandle> Handles { get; } = [];

        public List<nint> Regions { get; } = [];

        public void FreeMemory()
        {
            Regions.ForEach(Marshal.FreeHGlobal);
            Regions.Clear();
        }
    }
}

internal static class UnmanagedMemory
{
    public static unsafe nint Cleared(this nint memory, int size)
    {
        NativeMemory.Clear((void*)memory, (nuint)size);
        return memory;
    }
}
