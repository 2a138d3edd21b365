using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class ListMigrationsTests(EdgeWorld world)
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Pages_hold_every_run_once_and_never_a_step()
    {
        var site = Specs.Site.Replace("sites/shop", "sites/paged");
        var ids = Enumerable.Range(0, 5).Select(number => $"paged-{number}").ToList();
        foreach (var id in ids)
        {
            await world.StartRunAsync(id, Specs.LeastOf(id, site));
            await world.ScheduleAsync(nameof(FakeStep), new StepProgress(0, 0, 0, 0, null), $"{id}:sync");
        }

        var found = new List<string>();
        for (string? link = $"/api/migrations?site={Uri.EscapeDataString(site.ToUpperInvariant())}&pageSize=2"; link is not null;)
        {
            var page = await world.GetAsync(link, People.Reader);
            Assert.Equal(200, page.Status);
            var values = page.Json.GetProperty("value").EnumerateArray().Select(run => run.GetProperty("id").GetString()!).ToList();
            Assert.True(values.Count <= 2);
            found.AddRange(values);
            link = page.Text("nextLink");
        }

        Assert.Equal(ids, found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Runs_are_found_by_their_status_and_start()
    {
        var site = Specs.Site.Replace("sites/shop", "sites/filtered");
        await world.StartRunAsync("filtered-1", Specs.LeastOf("filtered-1", site));
        await world.StartRunAsync("filtered-2", Specs.LeastOf("filtered-2", site));
        await world.SayAsync("filtered-1", new RunState(RunStatus.Watching, [], null, null, null, null, Then));
        await world.SayAsync("filtered-2", new RunState(RunStatus.Succeeded, [], null, null, null, null, Then));

        Assert.Equal(["filtered-1"], await IdsAsync($"site={site}&status=watching"));
        Assert.Equal(["filtered-1", "filtered-2"], await IdsAsync($"site={site}&status=watching,succeeded&from=2020-01-01T00:00:00Z"));
        Assert.Empty(await IdsAsync($"site={site}&status=failed"));
        Assert.Empty(await IdsAsync($"site={site}&from=2099-01-01T00:00:00Z"));
    }

    [Theory]
    [InlineData("status=sleeping")]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=201")]
    [InlineData("pageSize=many")]
    [InlineData("from=yesterday")]
    [InlineData("continuationToken=abc")]
    [InlineData("continuationToken=%F0%9F%92%A9")]
    [InlineData("continuationToken=e30AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("site=a&site=b")]
    public async Task A_query_with_a_fault_is_refused(string query)
    {
        var reply = await world.GetAsync($"/api/migrations?{query}", People.Reader);

        Assert.Equal((400, "MIG0032"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("no page of the store")]
    [InlineData("")]
    public async Task A_cursor_to_a_page_that_the_store_does_not_know_is_refused_or_empty_but_breaks_nothing(string page)
    {
        var reply = await world.GetAsync($"/api/migrations?continuationToken={new ListCursor(page, 1_000_000)}", People.Reader);

        Assert.True(reply.Status is 200 or 400, $"{reply.Status}: {reply.Body}");
    }

    [Fact]
    public void A_cursor_is_what_it_was_and_a_changed_one_is_none()
    {
        var text = new ListCursor("page 2", 7).ToString();

        Assert.Equal(new ListCursor("page 2", 7), ListCursor.Parse(text));
        Assert.Null(ListCursor.Parse(text[..^2] + "AA"));
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string query) =>
        [.. (await world.GetAsync($"/api/migrations?{query}", People.Reader)).Json.GetProperty("value").EnumerateArray().Select(run => run.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
}
