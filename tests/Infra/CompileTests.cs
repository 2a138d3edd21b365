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
    public async Task A_template_compiles_without_a_warning(string command, string path)
    {
        var (exitCode, _, said) = await Tool.RunAsync(Compiler, command, Path.Combine(Repository.Root, path), "--stdout");

        Assert.Equal("", said);
        Assert.Equal(0, exitCode);
    }
}
