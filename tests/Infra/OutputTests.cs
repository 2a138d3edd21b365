using System.Text.RegularExpressions;
using Orchestrator.Infra.Tests.Bicep;

namespace Orchestrator.Infra.Tests;

public sealed partial class OutputTests
{
    [Fact]
    public void No_output_hands_out_a_secret()
    {
        var faults = Templates.All.SelectMany(file => file.Outputs.Where(IsSecret).Select(output => $"{file.Path}: {output.Name}"));

        Assert.Empty(faults);
    }

    [Fact]
    public void Every_output_says_what_it_is()
    {
        var outputs = Templates.All.SelectMany(file => file.Outputs.Select(output => (file.Path, output))).ToList();

        Assert.Empty(outputs.Where(o => string.IsNullOrWhiteSpace(o.output.Description)).Select(o => $"{o.Path}: {o.output.Name}"));
        Assert.NotEmpty(outputs);
    }

    [Theory]
    [InlineData("storageKey", "account.name")]
    [InlineData("value", "account.listKeys().keys[0].value")]
    [InlineData("insights", "applicationInsights.properties.ConnectionString")]
    [InlineData("clientSecret", "'x'")]
    public void A_secret_is_seen(string name, string value) => Assert.True(IsSecret(new BicepOutput(name, value, null)));

    private static bool IsSecret(BicepOutput output) => Secret().IsMatch(KeyVault().Replace($"{output.Name} {output.Value}", ""));

    [GeneratedRegex("key|secret|connectionstring|password|sas|token|listAccount", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    // The name of a vault is none.
    [GeneratedRegex("keyVault(?:Name)?", RegexOptions.IgnoreCase)]
    private static partial Regex KeyVault();
}
