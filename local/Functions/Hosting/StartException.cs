namespace Orchestrator.Local.Functions.Hosting;

/// <summary>The host cannot start. The message is one line that says what is wrong, and where.</summary>
public sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
