using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

public sealed class PackageTests
{
    [Fact]
    public void The_address_of_the_package_may_hold_a_signature_so_no_deployment_shows_it() =>
        Assert.All(
            Templates.All.Where(file => file.Parameters.Any(p => p.Name == "packageUri")),
            file => Assert.Matches(@"@secure\(\)\nparam packageUri string\??\n", file.Text));

    [Fact]
    public void The_app_is_published_where_an_address_is_given_and_only_after_its_settings_are_there()
    {
        var main = Templates.Of("infra/main.bicep");
        var module = Regex.Match(main.Text, @"^module package '[^']+' = (?<when>.+) \{\n(?<body>(?:  .*\n)+)\}", RegexOptions.Multiline);

        Assert.Equal("if (packageUri != null)", module.Groups["when"].Value);
        // The module of the app ends when its settings are written; its output makes this one wait for that.
        Assert.Contains("appName: functionApp.outputs.name\n", module.Groups["body"].Value);
    }
}
