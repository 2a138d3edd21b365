namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Refuses whatever reads or writes tags, where the store's tags are not for this client.</summary>
internal sealed class TagSupportHandler(StoreAbilities abilities) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var request = new StoreRequest(message);
        var listed = request.Operation == StoreOperation.ListBlobs
            && request.Query("include")?.Split(',').Contains("tags", StringComparer.OrdinalIgnoreCase) == true;
        var asked = request.Operation is StoreOperation.GetTags or StoreOperation.SetTags;
        var written = request.Header("x-ms-tags") is not null || request.Header("x-ms-copy-source-tag-option") == "COPY";

        return abilities.Tags == TagSupport.Served || !(listed || asked || written)
            ? base.SendAsync(message, cancellationToken)
            : Task.FromResult(Refusal(listed ? "include" : asked ? "comp" : null));
    }

    // The 400s as in azure-sdk-for-net#39388 and #15560; that of a header beside the content as is reported of uploads.
    private HttpResponseMessage Refusal(string? parameter) => (abilities.Tags, parameter) switch
    {
        (TagSupport.Forbidden, _) => StoreAnswer.Error(
            403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation using this permission."),
        (_, null) => StoreAnswer.Error(
            409, "FeatureNotYetSupportedForHierarchicalNamespaceAccounts", "Specified feature is not yet supported for hierarchical namespace accounts."),
        _ => StoreAnswer.Error(
            400, "InvalidQueryParameterValue", "Value for one of the query parameters specified in the request URI is invalid.",
            $"<QueryParameterName>{parameter}</QueryParameterName><QueryParameterValue>tags</QueryParameterValue>"),
    };
}
