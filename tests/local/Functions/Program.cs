using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

/// <summary>The test assembly as an app of its own, for what only a process can show: signals, exit codes, standard error.</summary>
internal static class Program
{
    private static void Main(string[] args)
    {
        var builder = LocalFunctionsApplication.CreateBuilder(new()
        {
            Args = args,
            Folder = Environment.CurrentDirectory,
            Classes = [typeof(ProcessFunctions), typeof(StaticHttpFunctions)],
            OwnsProcess = true,
        });
        builder.ConfigureFunctionsWebApplication();
        builder.Build().Run();
    }
}
