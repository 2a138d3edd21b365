namespace Orchestrator.Local.Demo;

/// <summary>What ends the demo with a message for the person who runs it, and without a stack trace.</summary>
internal sealed class DemoException(string message) : Exception(message);
