using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Passes over stores that fail, throttle, refuse, or can do more than Azurite.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class StoreTroubleTests(Azurite azurite)
{
    /// <summary>As often as the orchestrator repeats an activity.</summary>
    private const int Tries = 5;

    [Theory, InlineData(1), InlineData(2)]
    public async Task Under_random_errors_and_cut_connections_the_sync_ends_equal_with_bounded_retries(int seed)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var pair = await DataPair.ThroughAsync(azurite, proxy);
        for (var i = 0; i < 150; i++) await pair.Source.PutAsync($"order {i:D3}", $"content {i}");
        await pair.Source.PutInBlocksAsync("without md5", new byte[6 << 20]);
        proxy.Counters.Reset();
        proxy.Faults = StoreFaults.All(seed, share: 0.05);

        var passes = 0;
        for (var left = 1L; left > 0; passes++)
        {
            var pass = await RepeatedAsync(() => pair.CopyChangesAsync());
            left = pass.Copied + pass.Deleted + pass.Left;
        }

        var (requests, retries, faults) = (proxy.Counters.Requests, proxy.Counters.Retries, proxy.Faults.Total);
        proxy.Faults = new StoreFaults();
        await pair.AssertEqualAsync();
        Assert.True(faults > 20, $"only {faults} faults");
        Assert.InRange(passes, 1, 6);
        Assert.True(retries <= 2 * faults && requests < 4 * 151 + 200 + 3 * faults, $"{requests} requests, {retries} retries for {faults} faults");
    }

    [Theory, InlineData(21), InlineData(22), InlineData(23), InlineData(24)]
    public async Task After_changes_on_both_sides_and_batches_that_die_each_difference_is_a_conflict_that_is_told(int seed)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var pair = await DataPair.ThroughAsync(azurite, proxy);
        var random = new Random(seed);
        var (ours, theirs) = (new RandomTree(seed + 1, pair.Source), new RandomTree(seed + 2, pair.Target));
        await ours.ChangeAsync(60);
        await pair.CopyUntilQuietAsync();

        for (var round = 0; round < 8; round++)
        {
            await ours.ChangeAsync(12);
            if (random.Next(3) == 0) await theirs.ChangeAsync(2);
            // The process ends after it has copied and before the manifest knows.
            var death = random.Next(2) == 0 ? proxy.Faults.Fail(request => request.Name.Contains("/parts/", StringComparison.Ordinal) && request.Method == HttpMethod.Put, 403, "AuthorizationFailure") : null;
            try
            {
                await pair.CopyChangesAsync(full: random.Next(3) == 0);
            }
            catch (Exception) when (death is not null)
            {
                pair = pair.Anew();
            }

            death?.Stop();
        }

        var end = await pair.CopyUntilQuietAsync(full: true);
        var (source, target) = (await ContainerContent.ReadAsync(pair.Source), await ContainerContent.ReadAsync(pair.Target));
        var different = source.Keys.Union(target.Keys).Where(name => source.GetValueOrDefault(name) != target.GetValueOrDefault(name)).Order(StringComparer.Ordinal);
        Assert.Equal(end.ConflictNames!.Order(StringComparer.Ordinal), different);
    }

    [Fact]
    public async Task A_store_that_is_too_busy_is_asked_for_less_at_a_time()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var pair = await DataPair.ThroughAsync(azurite, proxy);
        for (var i = 0; i < 400; i++) await pair.Source.PutAsync($"order {i:D3}", $"content {i}");
        proxy.Throttle.Limit = 6;

        await RepeatedAsync(() => pair.CopyChangesAsync());

        Assert.True(proxy.Throttle.Refusals is > 0 and < 120, $"{proxy.Throttle.Refusals} refusals");
        proxy.Throttle.Limit = null;
        await pair.CopyUntilQuietAsync();
        await pair.AssertEqualAsync();
    }

    [Theory]
    [InlineData(507, "InsufficientStorage", BlobCodes.Full)]
    [InlineData(403, "AuthorizationPermissionMismatch", BlobCodes.Refused)]
    [InlineData(409, "BlobImmutableDueToPolicy", BlobCodes.Rejected)]
    public async Task A_target_that_takes_no_more_is_told_by_its_code_and_nothing_is_deleted(int status, string error, string code)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var pair = await DataPair.ThroughAsync(azurite, proxy);
        foreach (var name in new[] { "a", "b", "c" }) await pair.Source.PutAsync(name, "1");
        await pair.CopyChangesAsync();
        await pair.Source.PutAsync("b", "2");
        proxy.Faults.Fail(request => request.Account == "shopstore2" && request.Method == HttpMethod.Put && request.Name == "b", status, error);

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => pair.CopyChangesAsync());

        Assert.Equal(code, failure.Code);
        Assert.Contains("'b'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c"], await pair.Target.NamesAsync());
        Assert.Equal("1", await pair.Target.GetAsync("b"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Large_objects_go_from_store_to_store_where_both_can_and_through_the_worker_where_not(bool can)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var pair = await DataPair.ThroughAsync(azurite, proxy);
        await pair.Source.PutAsync("large", new byte[40 << 20], new BlobHttpHeaders { ContentType = "video/mp4" }, new Dictionary<string, string> { ["k"] = "v" });
        proxy.Abilities.ContentFromUrl = can;
        proxy.Counters.Reset();

        await pair.CopyChangesAsync();

        var through = proxy.Counters.BytesDown;
        await pair.AssertEqualAsync();
        Assert.Equal(can, through < 1 << 20);
        Assert.Equal(can, proxy.Counters.BytesFromUrl >= 40 << 20);
    }

    [Theory, InlineData(TagSupport.Forbidden), InlineData(TagSupport.Unsupported)]
    public async Task A_store_that_tells_no_tags_is_carried_without(TagSupport tags)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var pair = await DataPair.ThroughAsync(azurite, proxy);
        await pair.Source.PutAsync("a", "1");
        await pair.Source.GetBlobClient("a").SetTagsAsync(new Dictionary<string, string> { ["stage"] = "1" });
        proxy.Abilities.Tags = tags;

        var first = await pair.CopyChangesAsync();
        var second = await pair.CopyChangesAsync();

        Assert.Equal((1, 0), (first.Copied, second.Copied));
        await pair.AssertEqualAsync();
    }

    private static async Task<CopyChangesResult> RepeatedAsync(Func<Task<CopyChangesResult>> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await batch();
            }
            catch (Exception transient) when (transient is not PermanentFailureException && attempt < Tries)
            {
                // As the orchestrator would.
            }
        }
    }
}
