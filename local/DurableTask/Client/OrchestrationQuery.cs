namespace Microsoft.DurableTask.Client;

/// <param name="Statuses">Null or empty: any.</param>
/// <param name="TaskHubNames">Ignored here: one store is one hub.</param>
/// <param name="ContinuationToken">Of a page that an earlier query gave.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    public const int DefaultPageSize = 100;
}
