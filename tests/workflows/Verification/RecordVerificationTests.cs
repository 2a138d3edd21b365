using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Tests.Migrations;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Tests.Verification;

public sealed class RecordVerificationTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    private readonly InMemoryDocuments _store = new();

    [Fact]
    public async Task The_record_has_the_first_thousand_names_of_the_last_round_and_the_index_leads_to_all()
    {
        var orders = new DataSetComparison("orders", Extra: 700, Round: 2, Repaired: 3, Parts: [await PartAsync("orders", 1, 703), await PartAsync("orders", 2, 700)]);
        var media = new DataSetComparison("media", Missing: 900, Parts: [await PartAsync("media", 1, 600), await PartAsync("media", 1, 300, number: 1)]);

        await RecordAsync(orders, media);

        var record = await ReadAsync<VerificationRecord>(RunPaths.Verification("shop"));
        var index = await ReadAsync<DifferenceIndex>(record.Differences!);
        Assert.Equal((1_000, 1_600, 3), (record.MismatchNames.Count, record.Mismatches, record.Repaired));
        Assert.Equal(("orders: 2-00000 (extra)", "media: 1-00299 (extra)"), (record.MismatchNames[0], record.MismatchNames[^1]));
        Assert.Equal(Then.AddHours(4), record.StaleAt);
        var counts = await Task.WhenAll(index.Data.SelectMany(data => data.Parts).Select(path => new DifferenceParts(_store).ReadAsync(path, default)));
        Assert.Equal([703, 700, 600, 300], counts.Select(part => part.Count));
    }

    [Fact]
    public async Task Where_nothing_differed_there_is_no_index()
    {
        await RecordAsync(new DataSetComparison("orders", Compared: 5));

        Assert.Null((await ReadAsync<VerificationRecord>(RunPaths.Verification("shop"))).Differences);
    }

    [Fact]
    public async Task The_same_findings_have_the_same_digest_and_others_another()
    {
        var first = await RecordAsync(new DataSetComparison("orders", Compared: 5));

        Assert.Equal(first, await RecordAsync(new DataSetComparison("orders", Compared: 5)));
        Assert.NotEqual(first, await RecordAsync(new DataSetComparison("orders", Compared: 6)));
    }

    private async Task<string> PartAsync(string data, int round, int differences, int number = 0)
    {
        var set = new DataSet(data, "https://a.invalid/a", "https://b.invalid/b", TimeSpan.Zero, Reverse: false);
        return (await new DifferenceParts(_store).WriteAsync(
            new CompareDataBatch("shop", set, Then, Verification: 2, Round: round, Number: number),
            [.. Enumerable.Range(0, differences).Select(name => new ObjectDifference($"{round}-{name:D5}", "extra"))],
            default))!;
    }

    private Task<string> RecordAsync(params DataSetComparison[] data) =>
        new RecordVerification(new RunDocuments(_store), new DifferenceParts(_store)).RunAsync(new VerificationOrder("shop", 2, Then, Then.AddHours(4), data, [], null, []), default);

    private async Task<T> ReadAsync<T>(string path)
        where T : class => (await new RunDocuments(_store).ReadAsync<T>(path, default))!;
}
