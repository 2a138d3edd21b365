using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions;

/// <summary>Stops a start whose state or audit container could never be opened: no container's URL, or plain http without the account's key.</summary>
internal sealed class StateContainerValidator(BlobStores stores) : IValidateOptions<StateOptions>
{
    public ValidateOptionsResult Validate(string? name, StateOptions options)
    {
        string?[] faults = [Fault("State__Container", options.Container), options.AuditContainer is { Length: > 0 } audit ? Fault("State__AuditContainer", audit) : null];
        return faults.OfType<string>().ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }

    private string? Fault(string setting, string container)
    {
        try
        {
            stores.Container(container);
            return null;
        }
        catch (Exception unusable)
        {
            var hint = container.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? " Over http it needs Azure__BlobAccounts__0__Endpoint and Azure__BlobAccounts__0__Key." : "";
            return $"{setting} cannot be opened: {unusable.Message}{hint}";
        }
    }
}
