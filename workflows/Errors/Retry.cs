using Microsoft.DurableTask;
using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.Errors;

/// <summary>
/// How activities are repeated: transient failures with growing pauses, failures with a code of ours never. MIG0108 is the exception: a role that was just
/// given holds after some minutes, and not everywhere at once.
/// </summary>
public static class Retry
{
    /// <summary>Five attempts, 1 s to 30 s apart: for calls that change or read Azure.</summary>
    public static TaskOptions Standard { get; } = Options(attempts: 5, first: TimeSpan.FromSeconds(1), longest: TimeSpan.FromSeconds(30));

    /// <summary>Four attempts within a second: inside the write pause, where every moment counts.</summary>
    public static TaskOptions Swift { get; } = Options(attempts: 4, first: TimeSpan.FromMilliseconds(100), longest: TimeSpan.FromMilliseconds(400));

    /// <summary>Eight attempts, up to a minute apart: for an undo, which should rather wait than leave something behind.</summary>
    public static TaskOptions Patient { get; } = Options(attempts: 8, first: TimeSpan.FromSeconds(1), longest: TimeSpan.FromMinutes(1));

    /// <summary>Ten attempts over four minutes: for the first look at Azure, before anything is done, while roles that were just given do not hold yet.</summary>
    public static TaskOptions Beginning { get; } = Options(attempts: 10, first: TimeSpan.FromSeconds(1), longest: TimeSpan.FromMinutes(1));

    private static TaskOptions Options(int attempts, TimeSpan first, TimeSpan longest) =>
        new(new TaskRetryOptions(new RetryPolicy(attempts, first, backoffCoefficient: 2, maxRetryInterval: longest)
        {
            HandleFailure = failure => FailureCode.Read(failure) is null or ArmCodes.Forbidden,
        }));
}
