using Microsoft.Azure.Functions.Worker;
using Orchestrator.Functions.Http;

namespace Orchestrator.Functions.Health;

/// <summary>Says that the process answers, and of which build it is; nothing else is looked at, so that a broken store never gets the process restarted.</summary>
public sealed class Healthz
{
    [Function(nameof(Healthz))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "healthz")] HttpRequest request) => Answer.Of(new Health("live", Build.Version));

    private sealed record Health(string Status, string Version);
}
