using Microsoft.Azure.Functions.Worker;
using Orchestrator.Functions.Http;

namespace Orchestrator.Functions.Health;

/// <summary>The description of this API.</summary>
public sealed class GetOpenApi
{
    private static readonly byte[] Description = Read();

    [Function(nameof(GetOpenApi))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.yaml")] HttpRequest request) =>
        new Answer(StatusCodes.Status200OK, Description, "application/yaml; charset=utf-8");

    private static byte[] Read()
    {
        using var resource = typeof(GetOpenApi).Assembly.GetManifestResourceStream("openapi.yaml")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
