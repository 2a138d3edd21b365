using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Notifications;
using Orchestrator.Workflows.Tests.Migrations;

namespace Orchestrator.Workflows.Tests.Notifications;

public sealed class DecisionNotificationTests
{
    [Fact]
    public async Task Who_is_told_of_a_decision_learns_how_bad_it_is_what_can_be_chosen_and_where_the_runbook_is()
    {
        var documents = new RunDocuments(new InMemoryDocuments());
        var spec = new MigrationSpec
        {
            Site = World.SiteId, Release = new ReleaseSpec(), Runbook = "https://wiki.contoso.com/shop",
            Notify = [new NotifySpec { Url = "https://hooks.contoso.com/on-call", Events = ["decisionNeeded"] }],
        };
        await documents.PutAsync(RunPaths.Spec("shop"), spec, default);
        using var receiver = new Receiver();
        using var client = new HttpClient(receiver);
        var decision = new PendingDecision("shop.d1", StepNames.Sync, DecisionSeverity.Sev3, [DecisionChoice.Retry, DecisionChoice.Abort], new DecisionError("MIG0110", "too fast"));

        await new SendNotifications(documents, new WebhookClient(client), Options.Create(new NotificationOptions()))
            .RunAsync(new NotificationOrder("shop", "shop:1", "decisionNeeded", "stopped", DateTimeOffset.UnixEpoch, decision), default);

        var data = JsonNode.Parse(receiver.Body)!["data"]!;
        Assert.Equal(("sev3", "https://wiki.contoso.com/shop", "shop.d1"), (data["severity"]!.ToString(), data["runbook"]!.ToString(), data["decision"]!["id"]!.ToString()));
        Assert.Equal("""["retry","abort"]""", data["decision"]!["choices"]!.ToJsonString());
    }

    private sealed class Receiver : HttpMessageHandler
    {
        public string Body { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage();
        }
    }
}
