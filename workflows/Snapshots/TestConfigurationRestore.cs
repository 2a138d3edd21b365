using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Reads the configuration's snapshot back, restores all of it into an empty scratch site through the code that restores a real one, and compares each member
/// with what the site has. The scratch site lives in memory: a real one would cost minutes, and its settings' values would stand in one more place.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0127: it is not the snapshot that was taken, or not what the site has; MIG0123: it is gone.</exception>
public sealed class TestConfigurationRestore(AppService apps, ConfigurationStore store, ILogger<TestConfigurationRestore> logger)
{
    private const int NamesTold = 10;

    [Function(nameof(TestConfigurationRestore))]
    public async Task<ConfigurationTest> RunAsync([ActivityTrigger] TestConfigurationOrder order, CancellationToken cancellationToken)
    {
        var (container, blob) = (order.Snapshot.Container, order.Snapshot.Blob);
        var content = await store.ReadAsync(container, blob, cancellationToken)
            ?? throw new PermanentFailureException(SnapshotCodes.NoSnapshot, $"{container}/{blob} is missing");
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != order.Snapshot.Sha256)
            throw new PermanentFailureException(SnapshotCodes.ConfigurationDiffers, $"{container}/{blob} is not what was kept there");

        var taken = SiteConfiguration.Of((JsonObject)JsonNode.Parse(content)!);
        var scratch = new ScratchTarget();
        await ConfigurationWriter.WriteAsync(scratch, SiteConfiguration.Empty, taken, [.. taken.Members.Keys], cancellationToken);

        var differences = (await SiteConfiguration.ReadAsync(apps, order.Site, cancellationToken)).DifferencesFrom(scratch.Content);
        if (differences.Count > 0)
            throw new PermanentFailureException(
                SnapshotCodes.ConfigurationDiffers, $"restored from {container}/{blob}, {order.Site} would differ in {string.Join(", ", differences.Take(NamesTold))}");
        logger.ConfigurationRestoreTested(order.RunId, taken.Members.Count);
        return new ConfigurationTest(
            Count(SiteConfiguration.AppSettings), Count(SiteConfiguration.ConnectionStrings), Count(SiteConfiguration.Config), Count(SiteConfiguration.StickyNames));

        int Count(string section) => taken.Members.Keys.Count(member => member.Section == section);
    }
}
