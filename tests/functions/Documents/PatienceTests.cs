using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Documents;

/// <summary>A blob store that takes connections and never answers.</summary>
public sealed class PatienceTests : IAsyncLifetime
{
    private readonly EdgeWorld _world = new();
    private readonly HangingDocuments _hanging;

    public PatienceTests()
    {
        _hanging = new HangingDocuments(_world.Documents);
        _world.MoreServices = services => services.AddSingleton<IDocumentStore>(_hanging).AddSingleton<TimeProvider>(new ShortTime());
    }

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("/api/migrations/hung/plan")]
    [InlineData("/api/migrations/hung/report")]
    [InlineData("/api/migrations/hung/audit")]
    [InlineData("/api/migrations/nobody")]
    public async Task Who_asks_for_a_document_is_told_after_half_a_minute_that_the_blobs_are_not_reachable(string path)
    {
        await _world.StartRunAsync("hung");
        _hanging.Hangs = true;

        var reply = await _world.GetAsync(path, People.Reader).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((503, "MIG0041", "5"), (reply.Status, reply.Code, reply.Header("Retry-After")));
        Assert.Contains("blobs", reply.Text("detail"));
    }

    [Fact]
    public async Task A_start_that_found_the_blobs_hanging_is_finished_by_its_repetition()
    {
        _hanging.Hangs = true;
        var hung = await _world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("patient"), ("Idempotency-Key", "patient")).WaitAsync(TimeSpan.FromSeconds(20));
        _hanging.Hangs = false;

        var again = await _world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("patient"), ("Idempotency-Key", "patient"));

        Assert.Equal((503, "MIG0041"), (hung.Status, hung.Code));
        Assert.Equal((202, "patient"), (again.Status, again.Text("id")));
    }
}
