namespace Orchestrator.Functions.Http;

internal static partial class EdgeLog
{
    [LoggerMessage(100, LogLevel.Error, "{Method} {Path} failed unexpectedly, trace {Trace}")]
    public static partial void CallFailed(this ILogger logger, Exception failure, string method, string path, string trace);

    [LoggerMessage(101, LogLevel.Warning, "The token authority could not be asked for its keys")]
    public static partial void AuthorityUnreachable(this ILogger logger, Exception failure);

    [LoggerMessage(102, LogLevel.Warning, "Not ready: {Part}")]
    public static partial void NotReady(this ILogger logger, Exception failure, string part);

    [LoggerMessage(103, LogLevel.Information, "{Person} started migration {Id} in mode {Mode}")]
    public static partial void RunStarted(this ILogger logger, string person, string id, string mode);

    [LoggerMessage(104, LogLevel.Information, "{Person} asked for migration {Id} to be cancelled")]
    public static partial void CancelRequested(this ILogger logger, string person, string id);

    [LoggerMessage(105, LogLevel.Information, "{Person} answered approval {Approval}: {Decision}")]
    public static partial void ApprovalAnswered(this ILogger logger, string person, string approval, string decision);

    [LoggerMessage(106, LogLevel.Information, "{Person} decided {Decision}: {Choice}")]
    public static partial void DecisionTaken(this ILogger logger, string person, string decision, string choice);

    [LoggerMessage(108, LogLevel.Information, "{Person} asked for {Kind} of migration {Id}")]
    public static partial void ControlRequested(this ILogger logger, string person, string kind, string id);

    [LoggerMessage(110, LogLevel.Information, "{Person} throttled migration {Id} to {Objects} objects and {Bytes} bytes a second")]
    public static partial void Throttled(this ILogger logger, string person, string id, long? objects, long? bytes);

    [LoggerMessage(109, LogLevel.Warning, "Whether migration {Id} is throttled could not be read")]
    public static partial void ThrottleUnread(this ILogger logger, Exception failure, string id);

    [LoggerMessage(107, LogLevel.Warning, "How far the step {Step} of migration {Id} is could not be read")]
    public static partial void ProgressUnread(this ILogger logger, Exception failure, string id, string step);

    [LoggerMessage(111, LogLevel.Information, "Run {RunId} is open: {Status} at step {Step}, {Minutes} minutes old")]
    public static partial void RunOpen(this ILogger logger, string runId, string status, string step, int minutes);

    [LoggerMessage(112, LogLevel.Warning, "Run {RunId} has waited {Minutes} minutes for approval {Approval}: {Approvals} of {Quorum}, {MinutesLeft} minutes left")]
    public static partial void ApprovalWaits(this ILogger logger, string runId, int minutes, string approval, int approvals, int quorum, int minutesLeft);

    [LoggerMessage(113, LogLevel.Warning, "Run {RunId} has waited {Minutes} minutes for decision {Decision} at step {Step}: {Severity}, {Code}")]
    public static partial void DecisionWaits(this ILogger logger, string runId, int minutes, string decision, string step, string severity, string code);

    [LoggerMessage(114, LogLevel.Warning, "Run {RunId} has been swapping for {Minutes} minutes, attempt {Attempt}: writes may be paused")]
    public static partial void SwapSlow(this ILogger logger, string runId, int minutes, int attempt);

    [LoggerMessage(115, LogLevel.Information, "Run {RunId} was purged with its steps, {Instances} instances; its documents are kept")]
    public static partial void RunPurged(this ILogger logger, string runId, int instances);

    [LoggerMessage(116, LogLevel.Warning, "Run {RunId} could not be purged; it is tried again the next day")]
    public static partial void RunNotPurged(this ILogger logger, Exception failure, string runId);

    [LoggerMessage(117, LogLevel.Information, "Purging stopped after {Minutes} minutes; the rest is purged the next day")]
    public static partial void PurgeUnfinished(this ILogger logger, int minutes);

    [LoggerMessage(118, LogLevel.Information, "Looked at {Runs} runs that have not ended")]
    public static partial void LookedAtRuns(this ILogger logger, int runs);
}
