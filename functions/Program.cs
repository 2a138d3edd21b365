using Microsoft.Azure.Functions.Worker.Builder;
using Orchestrator.Functions;
using Orchestrator.Workflows;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddWorkflows(builder.Configuration).AddEdge(builder.Configuration);
await builder.Build().RunAsync();
