using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>
/// The ids of running children, one file each, with their start time so that a reused id is not taken for a child. Where the kernel
/// cannot tie a child to its parent's death, the next emulator on the same directory ends what was left.
/// </summary>
internal sealed class ProcessRecord(string directory)
{
    public void Add(Process process)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(FileOf(process.Id), Stamp(process));
    }

    public void Remove(int id) => File.Delete(FileOf(id));

    public void EndLeftovers()
    {
        if (!Directory.Exists(directory)) return;
        foreach (var file in Directory.GetFiles(directory))
        {
            if (int.TryParse(Path.GetFileName(file), CultureInfo.InvariantCulture, out var id)) End(id, File.ReadAllText(file));
            File.Delete(file);
        }
    }

    private static void End(int id, string stamp)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if (Stamp(process) == stamp) process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }

    private static string Stamp(Process process)
    {
        try
        {
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (InvalidOperationException)
        {
            return "ended";
        }
    }

    private string FileOf(int id) => Path.Combine(directory, id.ToString(CultureInfo.InvariantCulture));
}
