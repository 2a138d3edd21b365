using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>What an execution begins with.</summary>
internal sealed record ExecutionStart(
    long InstanceKey, string InstanceId, long Execution, string Name, string Version, string? Input, ParentOrchestrationInstance? Parent);

/// <summary>What executions need of the engine around them.</summary>
/// <param name="Trespassed">Called from any thread when another thread than its own tries to continue an execution.</param>
internal sealed record ExecutionServices(
    LocalDurableTaskOptions Options, ITaskInvoker Invoker, ILoggerFactory Loggers, Action<ExecutionStart, string> Trespassed);
