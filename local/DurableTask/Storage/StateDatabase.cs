using System.Collections.Concurrent;
using SQLitePCL;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>The SQLite file: one connection writes, the others read what it has committed.</summary>
internal sealed class StateDatabase : IDisposable
{
    private readonly string path;
    private readonly string? vfs;
    private readonly StateFileLock ownership;
    private readonly ConcurrentBag<Statements> idleReaders = [];
    private volatile bool disposed;

    static StateDatabase() => Batteries_V2.Init();

    private StateDatabase(string path, string? vfs, StateFileLock ownership)
    {
        this.path = path;
        this.vfs = vfs;
        this.ownership = ownership;
        Writer = Connect();
    }

    public Statements Writer { get; }

    /// <param name="vfs">For tests: SQLite's file system, where it is not the operating system's.</param>
    /// <exception cref="StateFileInUseException">Another process has the file.</exception>
    public static StateDatabase Open(string stateFile, string? vfs = null)
    {
        var path = Path.GetFullPath(stateFile);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var taken = StateFileLock.Take(path);
        StateDatabase? database = null;
        try
        {
            database = new StateDatabase(path, vfs, taken);
            Schema.Prepare(database.Writer);
            return database;
        }
        catch
        {
            database?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Reads on a connection of its own, which sees every commit that ended before.</summary>
    public T Read<T>(Func<Statements, T> read)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!idleReaders.TryTake(out var connection))
            connection = Connect();
        try
        {
            return read(connection);
        }
        finally
        {
            idleReaders.Add(connection);
            if (disposed)
                CloseIdle();
        }
    }

    public void Dispose()
    {
        disposed = true;
        CloseIdle();
        Writer.Dispose();
        ownership.Dispose();
    }

    private void CloseIdle()
    {
        while (idleReaders.TryTake(out var reader))
            reader.Dispose();
    }

    private Statements Connect()
    {
        var statements = Statements.Open(path, vfs);
        // FULL: a commit is on the disk before anybody can read it.
        statements.Script("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA temp_store=MEMORY;");
        return statements;
    }
}
