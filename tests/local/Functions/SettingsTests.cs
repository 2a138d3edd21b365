using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.Functions.Hosting;

namespace Orchestrator.Local.Functions.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_values_of_local_settings_are_settings_with_two_underscores_for_a_colon()
    {
        folder.Write("local.settings.json", """
            {
              // as the tools write it
              "IsEncrypted": false,
              "Values": { "Azure__SiteEndpoint": "127.0.0.1:8443", "Limit": 5, }
            }
            """);

        var settings = Builder().Configuration;

        Assert.Equal("127.0.0.1:8443", settings["Azure:SiteEndpoint"]);
        Assert.Equal("5", settings["Limit"]);
    }

    [Fact]
    public void The_environment_wins_over_local_settings_and_the_options_win_over_both()
    {
        Environment.SetEnvironmentVariable("HostTests__Color", "green");
        Environment.SetEnvironmentVariable("HostTests__Shape", "round");
        folder.Write("local.settings.json", """{ "Values": { "HostTests__Color": "red", "HostTests__Shape": "square", "HostTests__Size": "1" } }""");

        var settings = Builder(new() { ["HostTests__Shape"] = "flat" }).Configuration.GetSection("HostTests");

        Assert.Equal("green", settings["Color"]);
        Assert.Equal("flat", settings["Shape"]);
        Assert.Equal("1", settings["Size"]);
    }

    [Fact]
    public void The_environments_name_is_a_setting()
    {
        Assert.True(Builder().Environment.IsProduction());
        Assert.True(Builder(new() { ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development" }).Environment.IsDevelopment());
    }

    [Theory]
    [InlineData("local.settings.json", "{ \"Values\": ", "is not a settings file")]
    [InlineData("local.settings.json", """{ "IsEncrypted": true, "Values": {} }""", "is encrypted")]
    [InlineData("host.json", "{ \"version\": \"2.0\", ", "is not valid")]
    [InlineData("host.json", """{ "version": "1.0" }""", "only \"2.0\" is known")]
    [InlineData("host.json", """{ "version": "2.0", "functionTimeout": "soon" }""", "functionTimeout is \"soon\"")]
    [InlineData("host.json", """{ "version": "2.0", "extensions": { "durableTask": { "versionMatchStrategy": "Newest" } } }""", "None, Strict, CurrentOrOlder")]
    [InlineData("host.json", """{ "version": "2.0", "extensions": { "durableTask": { "maxConcurrentActivityFunctions": 0 } } }""", "above zero")]
    [InlineData("host.json", """{ "version": "2.0", "extensions": { "durableTask": { "hubName": "%NoSuchSetting%" } } }""", "%NoSuchSetting%")]
    public void A_bad_file_stops_the_start_in_one_line_that_names_the_file(string file, string text, string said)
    {
        folder.Write(file, text);

        var fault = Assert.Throws<StartException>(() => Builder());

        Assert.Contains(folder.File(file), fault.Message, StringComparison.Ordinal);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Host_json_says_how_functions_run()
    {
        folder.Write("host.json", """
            {
              "version": "2.0",
              "functionTimeout": "00:04:00",
              "extensions": {
                "http": { "routePrefix": "v1" },
                "durableTask": { "hubName": "%Hub%", "defaultVersion": "1.0", "versionMatchStrategy": "strict", "versionFailureStrategy": "Fail", "maxConcurrentActivityFunctions": 7, "maxConcurrentOrchestratorFunctions": 9 }
              }
            }
            """);

        var host = HostJson.Read(folder.Path, Settings(("Hub", "Blue")));

        Assert.Equal("v1", host.RoutePrefix);
        Assert.Equal(TimeSpan.FromMinutes(4), host.FunctionTimeout);
        Assert.Equal("Blue", host.HubName);
        Assert.Equal("1.0", host.DefaultVersion);
        Assert.Equal(DurableTaskWorkerOptions.VersionMatchStrategy.Strict, host.VersionMatchStrategy);
        Assert.Equal(DurableTaskWorkerOptions.VersionFailureStrategy.Fail, host.VersionFailureStrategy);
        Assert.Equal(7, host.MaxConcurrentActivityFunctions);
        Assert.Equal(9, host.MaxConcurrentOrchestratorFunctions);
    }

    [Fact]
    public void A_setting_wins_over_host_json_and_without_either_there_are_defaults()
    {
        folder.Write("host.json", """{ "version": "2.0" }""");

        Assert.Equal("api", HostJson.Read(folder.Path, Settings()).RoutePrefix);
        Assert.Equal(DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, HostJson.Read(folder.Path, Settings()).VersionMatchStrategy);
        Assert.Equal(DurableTaskWorkerOptions.VersionFailureStrategy.Reject, HostJson.Read(folder.Path, Settings()).VersionFailureStrategy);
        Assert.Equal(TimeSpan.FromMinutes(5), HostJson.Read(folder.Path, Settings()).FunctionTimeout);
        Assert.Null(HostJson.Read(folder.Path, Settings(("AzureFunctionsJobHost:functionTimeout", "-1"))).FunctionTimeout);
        Assert.Equal("v2", HostJson.Read(folder.Path, Settings(("AzureFunctionsJobHost:extensions:http:routePrefix", "v2"))).RoutePrefix);
    }

    private Microsoft.Azure.Functions.Worker.Builder.FunctionsApplicationBuilder Builder(Dictionary<string, string?>? settings = null) =>
        LocalFunctionsApplication.CreateBuilder(new() { Folder = folder.Path, Classes = [], Settings = settings ?? [] });

    private static IConfiguration Settings(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
