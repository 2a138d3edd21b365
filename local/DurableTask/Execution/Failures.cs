using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>What is said of an exception, also of one that throws when it is looked at.</summary>
internal static class Failures
{
    /// <inheritdoc cref="ITaskInvoker.DescribeFailure"/>
    public static TaskFailureDetails? Describe(this ITaskInvoker invoker, TaskKind kind, Exception exception)
    {
        try
        {
            return invoker.DescribeFailure(kind, exception);
        }
        catch (Exception another)
        {
            return new TaskFailureDetails(exception.GetType().ToString(), Indescribable(exception, another), null, null, null);
        }
    }

    public static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception another)
        {
            return Indescribable(exception, another);
        }
    }

    private static string Indescribable(Exception exception, Exception another) =>
        $"{exception.GetType()} was thrown, and {another.GetType()} when it was to be described.";
}
