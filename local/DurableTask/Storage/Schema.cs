namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>The tables of the state file. Keys of instances and of what belongs to them lead each table, so that a turn changes few pages.</summary>
internal static class Schema
{
    private const int Version = 2;

    /// <summary>Makes the tables in a new file, and brings those of an older version to this one.</summary>
    /// <exception cref="InvalidOperationException">A newer version of the program wrote the file.</exception>
    public static void Prepare(Statements sql)
    {
        var version = (long)sql.Scalar("PRAGMA user_version")!;
        if (version > Version)
            throw new InvalidOperationException($"The state file '{sql.File}' was written by a newer version of this program.");
        if (version == 0)
            sql.Script($"BEGIN IMMEDIATE; {Since1} {Since2} PRAGMA user_version={Version}; COMMIT;");
        else if (version == 1)
            sql.Script($"BEGIN IMMEDIATE; {FromVersion1} PRAGMA user_version={Version}; COMMIT;");
    }

    private const string Since1 = """
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
            CustomStatus TEXT, Failure TEXT, Tags TEXT,
            ParentKey INTEGER, ParentExecution INTEGER, ParentTaskId INTEGER, ParentInstanceId TEXT, ParentName TEXT,
            Deliveries INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX InstancesByParent ON Instances (ParentKey) WHERE ParentKey IS NOT NULL;
        CREATE TABLE History (
            InstanceKey INTEGER NOT NULL, Sequence INTEGER NOT NULL, Turn INTEGER NOT NULL, Time INTEGER NOT NULL,
            Kind INTEGER NOT NULL, TaskId INTEGER NOT NULL, Name TEXT, Payload TEXT, Detail TEXT,
            PRIMARY KEY (InstanceKey, Sequence)) WITHOUT ROWID;
        CREATE TABLE Timers (
            InstanceKey INTEGER NOT NULL, Execution INTEGER NOT NULL, TaskId INTEGER NOT NULL, FireAt INTEGER NOT NULL,
            PRIMARY KEY (InstanceKey, Execution, TaskId)) WITHOUT ROWID;
        """;

    /// <summary>New in version 2. Inputs and outputs may be large, so they are apart from the rows that every turn writes.</summary>
    private const string Since2 = """
        CREATE TABLE InstanceData (InstanceKey INTEGER PRIMARY KEY, Input TEXT, Output TEXT);
        CREATE TABLE Inbox (
            InstanceKey INTEGER NOT NULL, Sequence INTEGER NOT NULL,
            Execution INTEGER NOT NULL, CarriedTo INTEGER NOT NULL, NotBefore INTEGER,
            Kind INTEGER NOT NULL, TaskId INTEGER NOT NULL, Name TEXT, Payload TEXT, Detail TEXT,
            PRIMARY KEY (InstanceKey, Sequence)) WITHOUT ROWID;
        CREATE TABLE Activities (
            InstanceKey INTEGER NOT NULL, Execution INTEGER NOT NULL, TaskId INTEGER NOT NULL, Sequence INTEGER NOT NULL,
            InstanceId TEXT NOT NULL, Name TEXT NOT NULL, Input TEXT, Detail TEXT,
            Deliveries INTEGER NOT NULL DEFAULT 1,
            PRIMARY KEY (InstanceKey, Execution, TaskId)) WITHOUT ROWID;
        """;

    private const string FromVersion1 = $"""
        ALTER TABLE Inbox RENAME TO Inbox1;
        ALTER TABLE Activities RENAME TO Activities1;
        {Since2}
        INSERT INTO InstanceData SELECT Key, Input, Output FROM Instances;
        ALTER TABLE Instances DROP COLUMN Input;
        ALTER TABLE Instances DROP COLUMN Output;
        INSERT INTO Inbox SELECT InstanceKey, Sequence, Execution, CarriedTo, NotBefore, Kind, TaskId, Name, Payload, Detail FROM Inbox1;
        INSERT INTO Activities SELECT InstanceKey, Execution, TaskId, Sequence, InstanceId, Name, Input, Detail, Deliveries FROM Activities1;
        DROP TABLE Inbox1;
        DROP TABLE Activities1;
        """;
}
