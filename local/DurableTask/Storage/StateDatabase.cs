using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>The SQLite file: one connection writes, the others read what it has committed.</summary>
internal sealed class StateDatabase : IDisposable
{
    private const int SchemaVersion = 1;

    private readonly string connectionString;
    private readonly StateFileLock ownership;
    private readonly ConcurrentBag<Statements> idleReaders = [];

    static StateDatabase() => SQLitePCL.Batteries_V2.Init();

    private StateDatabase(string path, string? vfs, StateFileLock ownership)
    {
        this.ownership = ownership;
        // Pooling would keep the file open after Dispose.
        connectionString = new SqliteConnectionStringBuilder { DataSource = vfs is null ? path : $"file:{path}?vfs={vfs}", Pooling = false }.ToString();
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
            database.CreateSchema();
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
        if (!idleReaders.TryTake(out var connection))
            connection = Connect();
        try
        {
            return read(connection);
        }
        finally
        {
            idleReaders.Add(connection);
        }
    }

    public void Dispose()
    {
        while (idleReaders.TryTake(out var reader))
            reader.Dispose();
        Writer.Dispose();
        ownership.Dispose();
    }

    private Statements Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        var statements = new Statements(connection);
        statements.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA temp_store=MEMORY;");
        return statements;
    }

    private void CreateSchema()
    {
        var version = (long)Writer.Scalar("PRAGMA user_version")!;
        if (version > SchemaVersion)
            throw new InvalidOperationException($"The state file '{Writer.File}' was written by a newer version of this program.");
        if (version == 0)
            Writer.Execute($"BEGIN; {Schema} PRAGMA user_version=1; COMMIT;");
    }

    private const string Schema = """
        CREATE TABLE Engine (Key TEXT PRIMARY KEY, Value TEXT) WITHOUT ROWID;
        CREATE TABLE Instances (
            Key INTEGER PRIMARY KEY AUTOINCREMENT,
            InstanceId TEXT NOT NULL UNIQUE,
            Execution INTEGER NOT NULL,
            Name TEXT NOT NULL,
            Version TEXT NOT NULL,
            Status INTEGER NOT NULL,
            CreatedAt INTEGER NOT NULL,
            UpdatedAt INTEGER NOT NULL,
            CompletedAt INTEGER,
            Input TEXT, Output TEXT, CustomStatus TEXT, Failure TEXT, Tags TEXT,
            ParentKey INTEGER, ParentExecution INTEGER, ParentTaskId INTEGER, ParentInstanceId TEXT, ParentName TEXT,
            Deliveries INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX InstancesByParent ON Instances (ParentKey) WHERE ParentKey IS NOT NULL;
        CREATE TABLE History (
            InstanceKey INTEGER NOT NULL, Sequence INTEGER NOT NULL, Turn INTEGER NOT NULL, Time INTEGER NOT NULL,
            Kind INTEGER NOT NULL, TaskId INTEGER NOT NULL, Name TEXT, Payload TEXT, Detail TEXT,
            PRIMARY KEY (InstanceKey, Sequence)) WITHOUT ROWID;
        CREATE TABLE Inbox (
            Sequence INTEGER PRIMARY KEY AUTOINCREMENT, InstanceKey INTEGER NOT NULL,
            Execution INTEGER NOT NULL, CarriedTo INTEGER NOT NULL, NotBefore INTEGER,
            Kind INTEGER NOT NULL, TaskId INTEGER NOT NULL, Name TEXT, Payload TEXT, Detail TEXT);
        CREATE INDEX InboxByInstance ON Inbox (InstanceKey);
        CREATE TABLE Activities (
            Sequence INTEGER PRIMARY KEY AUTOINCREMENT, InstanceKey INTEGER NOT NULL, Execution INTEGER NOT NULL,
            InstanceId TEXT NOT NULL, TaskId INTEGER NOT NULL, Name TEXT NOT NULL, Input TEXT, Detail TEXT,
            Deliveries INTEGER NOT NULL DEFAULT 1);
        CREATE INDEX ActivitiesByInstance ON Activities (InstanceKey);
        CREATE TABLE Timers (
            InstanceKey INTEGER NOT NULL, Execution INTEGER NOT NULL, TaskId INTEGER NOT NULL, FireAt INTEGER NOT NULL,
            PRIMARY KEY (InstanceKey, Execution, TaskId)) WITHOUT ROWID;
        """;
}
