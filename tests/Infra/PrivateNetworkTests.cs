using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

public sealed class PrivateNetworkTests
{
    private static readonly string Main = Templates.Of("infra/main.bicep").Text;

    [Theory]
    [InlineData("infra/modules/storage.bicep")]
    [InlineData("infra/modules/key-vault.bicep")]
    [InlineData("infra/modules/durable-task-scheduler.bicep")]
    public void With_a_network_of_its_own_nothing_that_holds_data_is_reached_from_outside(string path)
    {
        var use = Templates.Of("infra/main.bicep").Modules.Single(module => module.Path == path);

        Assert.Contains("publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'\n", Templates.Of(path).Text);
        Assert.Matches($@"module {use.Name} '[^']+' = [^\n]*\{{\n(?:  .*\n)*?    isPrivate: privateNetwork\n", Main);
    }

    [Fact]
    public void Each_part_behind_a_private_endpoint_has_a_zone_and_each_zone_a_part()
    {
        var services = Main.Split('\n').Single(line => line.StartsWith("var privateServices = ", StringComparison.Ordinal));
        var parts = Regex.Matches(services.Split('?')[1], "'([a-z]+)'").Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);
        var zones = Regex.Match(Main, @"^var privateZones = \{\n(?<zones>(?:  .*\n)+)\}", RegexOptions.Multiline).Groups["zones"].Value;

        Assert.Equal(parts, Regex.Matches(zones, @"^  (\w+): 'privatelink", RegexOptions.Multiline).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_app_starts_after_the_ways_to_what_it_reads_are_there() =>
        Assert.Matches(@"(?s)module functionApp '.+?dependsOn: \[[^\]]*privateEndpoints\n[^\]]*\]", Main);
}
