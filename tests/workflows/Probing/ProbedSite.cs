using System.Net;
using Orchestrator.Workflows.Azure.Http;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Probing;
using Orchestrator.Workflows.Tests.Migrations;

namespace Orchestrator.Workflows.Tests.Probing;

/// <summary>A site that answers as a test wants it at each moment, and the activities that probe it, by a clock that jumps.</summary>
internal sealed class ProbedSite : HttpMessageHandler
{
    public const string RunId = "shop-v2";

    /// <summary>The batch that begins as the clock stands.</summary>
    public static readonly long First = ProbeGrid.NumberAt(new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero));

    public ProbedSite() => Documents.PutAsync(RunPaths.Spec(RunId), new MigrationSpec { Site = World.SiteId, Release = new ReleaseSpec() }, default).Wait();

    public JumpingTime Time { get; } = new(ProbeGrid.Start(First));

    public RunDocuments Documents { get; } = new(new InMemoryDocuments());

    /// <summary>What the site does with a request that comes so many seconds after the first batch began; it answers 200 at once where this gives null.</summary>
    public Func<double, CancellationToken, Task<HttpResponseMessage>?> Answers { get; set; } = (_, _) => null;

    public List<(double Second, string Path)> Requests { get; } = [];

    public double Second => (Time.GetUtcNow() - ProbeGrid.Start(First)).TotalSeconds;

    public ProbeSite Prober => new(Documents, new ProbeHttp(new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, Time), Time);

    public static ProbeBatchOrder Order(long number, int rate = 5, string? healthCheckPath = "/healthz") => new(RunId, World.Host, healthCheckPath, rate, number);

    public ProbeBatchResult Probe(ProbeBatchOrder order) => Time.Run(() => Prober.RunAsync(order, default));

    public Task<ProbeSummary> SummarizeAsync(params (string Name, double From, double To)[] spans) => new SummarizeProbe(Documents).RunAsync(
        new ProbeSummaryOrder(RunId, 5, [.. spans.Select(span => new ProbeSpan(span.Name, At(span.From), At(span.To)))]), default);

    /// <summary>The document of a batch whose probes are sent every 200 ms and fail where the test says so.</summary>
    public Task KeepBatchAsync(int index, Func<double, bool>? fails = null, Func<double, int>? took = null) => Documents.PutAsync(
        ProbePaths.Batch(RunId, First + index),
        new ProbeBatch(First + index, 5, [.. Enumerable.Range(0, 100).Select(n => (Ms: n * 200, Second: (index * 20) + (n * 0.2))).Select(p => new Probe(p.Ms, took?.Invoke(p.Second) ?? 10, fails?.Invoke(p.Second) == true ? "status 503" : null))]),
        default);

    public static DateTimeOffset At(double second) => ProbeGrid.Start(First).AddSeconds(second);

    public static Task<HttpResponseMessage> Status(HttpStatusCode status) => Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent([]) });

    /// <summary>Never answers.</summary>
    public static async Task<HttpResponseMessage> Hang(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        return await never.Task.WaitAsync(cancellationToken);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((Second, request.RequestUri!.PathAndQuery));
        return Answers(Second, cancellationToken) ?? Status(HttpStatusCode.OK);
    }
}
