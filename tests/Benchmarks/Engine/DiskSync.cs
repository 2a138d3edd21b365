using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Benchmarks.Engine;

/// <summary>How often a second the disk makes a page durable: what bounds every store that syncs.</summary>
internal static partial class DiskSync
{
    private const int PageSize = 4096;
    private const int Pages = 1024;

    public static double PerSecond(DirectoryInfo folder)
    {
        var path = Path.Combine(folder.FullName, "fdatasync");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        var page = new byte[PageSize];
        for (var index = 0; index < Pages; index++)
            RandomAccess.Write(file, page, index * PageSize);
        RandomAccess.FlushToDisk(file);

        const int Syncs = 2000;
        var watch = Stopwatch.StartNew();
        for (var index = 0; index < Syncs; index++)
        {
            RandomAccess.Write(file, page, index % Pages * PageSize);
            Sync(file);
        }
        return Syncs / watch.Elapsed.TotalSeconds;
    }

    private static void Sync(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
        else if (FlushData(file) != 0)
            throw new IOException($"fdatasync failed with {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushData(SafeFileHandle file);
}
