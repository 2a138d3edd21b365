namespace Orchestrator.Workflows.Verification;

/// <summary>Permanent failures of the data comparison. Each has its page under docs/errors.</summary>
public static class CompareCodes
{
    /// <summary>Target data differs from its source. Given by whoever decides on a <see cref="CompareDataResult"/> that says so.</summary>
    public const string DataDiffers = "MIG0130";
}
