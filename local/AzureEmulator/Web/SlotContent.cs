namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>What moves from slot to slot in a swap: the deployed package and the id that tells which content it is.</summary>
/// <param name="DeploymentId">Fixed when the slot is made; it changes places in a swap.</param>
/// <param name="Directory">Where the package was unpacked; null while nothing was deployed.</param>
/// <param name="Package">Where the package came from, without its signature.</param>
internal sealed record SlotContent(string DeploymentId, string? Directory = null, string? Package = null);
