namespace Orchestrator.Local.DurableTask;

/// <summary>The state file could not be read or written. Nothing that was asked for has been acknowledged.</summary>
/// <param name="code">SQLite's result code, such as 13 for a full disk: https://www.sqlite.org/rescode.html</param>
public sealed class StateStoreException(string file, int code, string reason)
    : IOException($"The state file '{file}' could not be used: {reason} (SQLite {code}). The call is not acknowledged: repeat it when the cause is gone.")
{
    public int Code { get; } = code;
}
