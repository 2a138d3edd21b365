using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.Functions.Tests.Documents;

/// <summary>The store of documents on a real blob server.</summary>
public sealed class BlobDocumentStoreTests(Azurite azurite) : IClassFixture<Azurite>
{
    private BlobDocumentStore NewStore() => new(new StateContainer(azurite.NewContainer("orchstore")));

    [Fact]
    public async Task A_document_is_created_once_and_its_container_when_it_is_missing()
    {
        var store = NewStore();

        Assert.Null(await store.ReadAsync("runs/a/spec.json", default));
        Assert.True(await store.CreateAsync("runs/a/spec.json", BinaryData.FromString("first"), default));
        Assert.False(await store.CreateAsync("runs/a/spec.json", BinaryData.FromString("second"), default));
        Assert.Equal("first", (await store.ReadAsync("runs/a/spec.json", default))!.Content.ToString());
    }

    [Fact]
    public async Task Of_many_who_create_at_once_one_does()
    {
        var store = NewStore();

        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => store.CreateAsync("runs/a/start.json", BinaryData.FromString($"{number}"), default)));

        Assert.Single(created, true);
    }

    [Fact]
    public async Task A_document_is_replaced_only_over_the_version_that_was_read()
    {
        var store = NewStore();
        await store.PutAsync("runs/a/journal.json", BinaryData.FromString("one"), default);
        var read = (await store.ReadAsync("runs/a/journal.json", default))!;

        Assert.True(await store.ReplaceAsync("runs/a/journal.json", BinaryData.FromString("two"), read.ETag, default));
        Assert.False(await store.ReplaceAsync("runs/a/journal.json", BinaryData.FromString("three"), read.ETag, default));
        Assert.Equal("two", (await store.ReadAsync("runs/a/journal.json", default))!.Content.ToString());
    }

    [Fact]
    public async Task Those_who_write_an_audit_log_at_once_leave_one_sound_chain()
    {
        var store = NewStore();
        var log = new AuditLog(store);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => log.AppendAsync("a", new AuditEntry($"{number % 6}", DateTimeOffset.UnixEpoch, "dee", "did"), default)));

        var lines = (await store.ReadAsync(RunPaths.Audit("a"), default))!.Content.ToString();
        Assert.Equal(6, lines.TrimEnd('\n').Split('\n').Length);
        Assert.Null(AuditLog.FirstBroken(lines));
    }

    [Fact]
    public async Task An_audit_log_is_kept_in_its_own_container_where_there_is_one_and_nothing_else_is()
    {
        var (state, audit) = (azurite.NewContainer("orchstore"), azurite.NewContainer("orchstore"));
        var store = new BlobDocumentStore(new StateContainer(state, audit));
        await store.PutAsync(RunPaths.Spec("a"), BinaryData.FromString("{}"), default);
        await new AuditLog(store).AppendAsync("a", new AuditEntry("1", DateTimeOffset.UnixEpoch, "dee", "did"), default);
        await new AuditLog(store).AppendAsync("a", new AuditEntry("2", DateTimeOffset.UnixEpoch, "dee", "did"), default);

        Assert.True(await audit.GetBlobClient(RunPaths.Audit("a")).ExistsAsync());
        Assert.False(await state.GetBlobClient(RunPaths.Audit("a")).ExistsAsync());
        Assert.True(await state.GetBlobClient(RunPaths.Spec("a")).ExistsAsync());
        Assert.Null(AuditLog.FirstBroken((await store.ReadAsync(RunPaths.Audit("a"), default))!.Content.ToString()));
    }

    [Fact]
    public async Task A_store_that_can_be_reached_passes_its_check()
    {
        var store = NewStore();

        await store.CheckAsync(default);

        Assert.Null(await store.ReadAsync("anything", default));
    }
}
