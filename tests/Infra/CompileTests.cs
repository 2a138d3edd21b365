using System.Diagnostics;
using System.Reflection;

namespace Orchestrator.Infra.Tests;

/// <summary>What the Bicep compiler says of the templates; it knows the types of every resource that Azure has published.</summary>
public sealed class CompileTests
{
    internal static readonly string Compiler =
        typeof(CompileTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BicepCompiler").Value!;

    // A module is compiled with the template that uses it; ModuleTests see to it that each is used.
    [Theory]
    [InlineData("build", "infra/main.bicep")]
    [InlineData("build", "infra/migrate.bicep")]
    [InlineData("build-params", "infra/main.bicepparam")]
    [InlineData("build-params", "infra/azd.bicepparam")]
    public async Task A_template_compiles_without_a_warning(string command, string path)
    {
        var start = new ProcessStartInfo(Compiler, [command, Path.Combine(Repository.Root, path), "--stdout"]);
        foreach (var (name, value) in Azd)
            start.Environment[name] = value;

        var (code, _, said) = await Tool.RunAsync(start);

        Assert.Equal("", said);
        Assert.Equal(0, code);
    }

    // What azd's environment has when the parameters are read.
    private static readonly Dictionary<string, string> Azd = new()
    {
        ["ORCHESTRATOR_NAME"] = "migrate",
        ["ORCHESTRATOR_AUDIENCE"] = "00000000-0000-0000-0000-000000000002",
        ["DurableBackEnd"] = "AzureStorage",
        ["AZURE_LOCATION"] = "westeurope",
        ["TARGET_SITES"] = "/subscriptions/1/resourceGroups/shop/providers/Microsoft.Web/sites/shop",
    };
}
