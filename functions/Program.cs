using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Options;
using Orchestrator.Functions;
using Orchestrator.Functions.Telemetry;
using Orchestrator.Workflows;
using Orchestrator.Workflows.Migrations;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddWorkflows(builder.Configuration).AddEdge(builder.Configuration).AddTelemetry(builder.Configuration);
builder.Services.AddSingleton<IValidateOptions<StateOptions>, StateContainerValidator>();
await builder.Build().RunAsync();
