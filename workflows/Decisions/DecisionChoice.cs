namespace Orchestrator.Workflows.Decisions;

/// <summary>What a person can choose where a run stops at them; a question offers some of these.</summary>
public static class DecisionChoice
{
    /// <summary>Tries again what failed, or goes on with it.</summary>
    public const string Retry = "retry";

    /// <summary>Goes on without it.</summary>
    public const string Skip = "skip";

    /// <summary>Somebody has done it by hand.</summary>
    public const string Done = "done";

    /// <summary>Gives the run up and undoes what it did.</summary>
    public const string Abort = "abort";
}

/// <summary>How bad it is that a run has stopped.</summary>
public static class DecisionSeverity
{
    /// <summary>Customers are affected.</summary>
    public const string Sev1 = "sev1";

    /// <summary>Something is half done, and nothing undoes it by itself.</summary>
    public const string Sev2 = "sev2";

    /// <summary>Production is untouched; the migration only does not get on.</summary>
    public const string Sev3 = "sev3";
}
