using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>
/// A connection with its statements, each prepared once. Parameters are ?1, ?2 and so on. Without the ADO.NET provider, whose
/// commands take three times as long: every commit waits for its statements.
/// </summary>
internal sealed class Statements : IDisposable
{
    private readonly Dictionary<string, sqlite3_stmt> prepared = new(StringComparer.Ordinal);
    private readonly sqlite3 database;

    private Statements(string file, sqlite3 database)
    {
        File = file;
        this.database = database;
    }

    public string File { get; }

    /// <summary>Makes the file when there is none.</summary>
    /// <param name="vfs">SQLite's file system; null: the operating system's.</param>
    /// <exception cref="StateStoreException">Here and below: SQLite refused, with its code.</exception>
    public static Statements Open(string file, string? vfs)
    {
        var code = raw.sqlite3_open_v2(file, out var database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, vfs);
        var opened = new Statements(file, database);
        if (code == raw.SQLITE_OK)
            return opened;
        using (opened)
            throw opened.Refused(code);
    }

    /// <summary>How many rows have been changed since the connection was opened.</summary>
    public int Changes => raw.sqlite3_total_changes(database);

    public bool IsInTransaction => raw.sqlite3_get_autocommit(database) == 0;

    /// <summary>Several statements without parameters, which are run once.</summary>
    public void Script(string sql) => Check(raw.sqlite3_exec(database, sql));

    /// <returns>How many rows were changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = Bind(sql, values);
        try
        {
            while (Step(statement))
            {
                // The rows of a pragma that answers.
            }
            return raw.sqlite3_changes(database);
        }
        finally
        {
            LetGo(statement);
        }
    }

    /// <summary>For a query of one cell; null where there is no row, or nothing in it.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Query(sql, static row => row.GetValue(0), values).FirstOrDefault();

    /// <returns>The key of the new row.</returns>
    public long Insert(string sql, params ReadOnlySpan<object?> values)
    {
        Execute(sql, values);
        return raw.sqlite3_last_insert_rowid(database);
    }

    public List<T> Query<T>(string sql, Func<Row, T> map, params ReadOnlySpan<object?> values)
    {
        var statement = Bind(sql, values);
        try
        {
            var rows = new List<T>();
            while (Step(statement))
                rows.Add(map(new Row(statement)));
            return rows;
        }
        finally
        {
            LetGo(statement);
        }
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values)
            statement.Dispose();
        database.Dispose();
    }

    /// <summary>Of the rows, and of the values, which may be large.</summary>
    private static void LetGo(sqlite3_stmt statement)
    {
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
    }

    private bool Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        Check(code);
        return code == raw.SQLITE_ROW;
    }

    private sqlite3_stmt Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
            prepared.Add(sql, statement);
        }
        for (var i = 0; i < values.Length; i++)
            Check(Bind(statement, i + 1, values[i]));
        return statement;
    }

    private static int Bind(sqlite3_stmt statement, int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        string text => Bind(statement, index, text),
        DateTimeOffset time => raw.sqlite3_bind_int64(statement, index, time.UtcTicks),
        _ => raw.sqlite3_bind_int64(statement, index, Convert.ToInt64(value)),
    };

    /// <summary>With its length, since a text may have a NUL in it.</summary>
    private static int Bind(sqlite3_stmt statement, int index, string text)
    {
        if (text.Length == 0)
            return raw.sqlite3_bind_text(statement, index, text);
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return raw.sqlite3_bind_text(statement, index, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw Refused(code);
    }

    private StateStoreException Refused(int code) => new(File, code, raw.sqlite3_errmsg(database).utf8_to_string());
}

/// <summary>The row that a statement is at; of use only until the next.</summary>
internal readonly struct Row(sqlite3_stmt statement)
{
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public int GetInt32(int column) => raw.sqlite3_column_int(statement, column);

    public string GetString(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, column));

    public string? GetText(int column) => IsNull(column) ? null : GetString(column);

    public DateTimeOffset GetTime(int column) => new(GetInt64(column), TimeSpan.Zero);

    /// <summary>A number as long, a text as string.</summary>
    public object? GetValue(int column) => raw.sqlite3_column_type(statement, column) switch
    {
        raw.SQLITE_NULL => null,
        raw.SQLITE_INTEGER => GetInt64(column),
        _ => GetString(column),
    };
}
