using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions;

/// <summary>Stops a start whose state container could never be opened: no container's URL, or plain http without the account's key.</summary>
internal sealed class StateContainerValidator(BlobStores stores) : IValidateOptions<StateOptions>
{
    public ValidateOptionsResult Validate(string? name, StateOptions options)
    {
        try
        {
            stores.Container(options.Container);
            return ValidateOptionsResult.Success;
        }
        catch (Exception unusable)
        {
            var hint = options.Container.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? " Over http it needs Azure__BlobAccounts__0__Endpoint and Azure__BlobAccounts__0__Key." : "";
            return ValidateOptionsResult.Fail($"State__Container cannot be opened: {unusable.Message}{hint}");
        }
    }
}
