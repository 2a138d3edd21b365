using System.Collections.Concurrent;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>Holds the state file for this process. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class StateFileLock : IDisposable
{
    private static readonly ConcurrentDictionary<string, StateFileLock> Ours = new(StringComparer.Ordinal);

    private readonly string stateFile;
    private readonly FileStream file;

    private StateFileLock(string stateFile, FileStream file)
    {
        this.stateFile = stateFile;
        this.file = file;
        Ours[stateFile] = this;
    }

    /// <summary>Whether an engine of this very process holds the file.</summary>
    public static bool IsOurs(string stateFile) => Ours.ContainsKey(Path.GetFullPath(stateFile));

    /// <exception cref="StateFileInUseException">Another process, or another engine in this one, holds it.</exception>
    public static StateFileLock Take(string stateFile)
    {
        try
        {
            return new StateFileLock(stateFile, new FileStream(stateFile + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException cause) when (IsHeld(cause))
        {
            throw new StateFileInUseException(stateFile, cause);
        }
    }

    /// <summary>As the operating system says it: EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION on Windows.</summary>
    private static bool IsHeld(IOException cause) => cause.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    // The empty file stays: removing it would let two processes each lock a file of their own.
    public void Dispose()
    {
        file.Dispose();
        Ours.TryRemove(KeyValuePair.Create(stateFile, this));
    }
}

/// <summary>One process at a time owns a state file.</summary>
public sealed class StateFileInUseException(string stateFile, Exception innerException) : IOException(
    $"The state file '{stateFile}' is in use by another process. Stop that process, or set StateFile (LocalHost__StateFile) to a file of this one's own.",
    innerException)
{
    public string StateFile { get; } = stateFile;
}
