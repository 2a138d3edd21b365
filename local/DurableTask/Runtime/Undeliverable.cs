using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>The failure of what ends the process each time that it is begun.</summary>
internal static class Undeliverable
{
    public const string ErrorType = "DeliveryLimitExceeded";

    public static TaskFailureDetails Activity(string name, int limit) => Of($"Activity '{name}'", limit);

    public static TaskFailureDetails Orchestrator(string name, int limit) => Of($"Orchestrator '{name}'", limit);

    private static TaskFailureDetails Of(string what, int limit) =>
        new(ErrorType, $"{what} was begun {limit} times, and each time the process ended before it did. It is not begun again.", null, null, null);
}
