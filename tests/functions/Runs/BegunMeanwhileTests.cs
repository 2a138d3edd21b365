using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Runs;

/// <summary>A run that another call schedules, and that writes its first audit line, between two looks of ours.</summary>
public sealed class BegunMeanwhileTests : IAsyncLifetime
{
    private const string Id = "meanwhile";

    private readonly EdgeWorld _world = new();

    public async Task InitializeAsync()
    {
        _world.MoreServices = services => services.AddSingleton<IDocumentStore>(new BusyDocuments(_world.Documents, RunPaths.Audit(Id), BeginAsync));
        await _world.InitializeAsync();
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_run_that_has_just_begun_is_not_taken_for_a_forgotten_one()
    {
        var reply = await _world.GetAsync($"/api/migrations/{Id}", People.Reader);

        Assert.Equal((200, Id), (reply.Status, reply.Text("id")));
    }

    [Fact]
    public async Task A_start_beside_it_is_answered_with_the_run()
    {
        await KeepAsync();

        var reply = await _world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf(Id), ("Idempotency-Key", Id));

        Assert.Equal((202, Id), (reply.Status, reply.Text("id")));
    }

    // As far as another start with the same key has come.
    private async Task KeepAsync()
    {
        var documents = new RunDocuments(_world.Documents);
        var (body, key) = (KeyRecord.Hash(System.Text.Encoding.UTF8.GetBytes(Specs.LeastOf(Id))), KeyRecord.HashOf("dee@contoso.com", Id));
        await documents.CreateAsync(KeyRecord.Path(key), new KeyRecord(Id, body), default);
        await documents.CreateAsync(StartRecord.Path(Id), new StartRecord(Id, "dee@contoso.com", DateTimeOffset.UtcNow, body, key), default);
    }

    private async Task BeginAsync()
    {
        var spec = SpecReader.Read(System.Text.Encoding.UTF8.GetBytes(Specs.LeastOf(Id)), "dee@contoso.com", DateTimeOffset.UtcNow).Spec!;
        await _world.ScheduleAsync(MigrationInput.Orchestrator, MigrationInput.From(spec, Id, "dee@contoso.com", DateTimeOffset.UtcNow), Id);
        await _world.Documents.PutAsync(RunPaths.Audit(Id), BinaryData.FromString("begun\n"), default);
    }
}
