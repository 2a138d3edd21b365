using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Orchestrator.Functions;
using Orchestrator.Workflows.Azure.Blobs;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    .AddAzureIdentity(builder.Configuration)
    .AddBlobStores(builder.Configuration)
    .AddRunDocuments(builder.Configuration)
    .AddEdge(builder.Configuration);
await builder.Build().RunAsync();
