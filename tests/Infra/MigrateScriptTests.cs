using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Infra.Tests;

/// <summary>The real script against an API that answers as API says; only the Azure CLI, which gives it a token, is a stand-in.</summary>
public sealed class MigrateScriptTests : IDisposable
{
    private const string Spec = """{"id":"shop-v2","mode":"plan"}""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("migrate-script");

    [Fact]
    public async Task A_run_that_ends_well_is_waited_for_and_told()
    {
        await using var api = await MigrationApi.StartAsync();
        api.OnStart(202).OnRead(200, Run("running")).OnRead(200, Run("waitingForApproval")).OnRead(200, Run("succeeded"));

        var (code, errors) = await RunAsync(api);

        Assert.True(code == 0, errors);
        Assert.Equal(["POST /api/migrations", .. Enumerable.Repeat("GET /api/migrations/shop-v2", 3)], api.Calls.Select(c => $"{c.Method} {c.Path}"));
        Assert.Equal("succeeded", Result()["status"]!.GetValue<string>());
        Assert.Equal("shop-v2", Result()["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task It_looks_soon_then_once_a_minute_and_no_look_waits_at_the_orchestrator()
    {
        await using var api = await MigrationApi.StartAsync();
        api.OnStart(202).OnRead(200, Run("running")).OnRead(200, Run("running")).OnRead(200, Run("running")).OnRead(200, Run("running")).OnRead(200, Run("succeeded"));
        await Script.StandInAsync(_folder, "sleep", $"""
            #!/bin/sh
            echo "$1" >> {Slept}

            """);

        var (code, errors) = await RunAsync(api, pollSeconds: null);

        Assert.True(code == 0, errors);
        Assert.Equal(["5", "20", "60", "60", "60"], await File.ReadAllLinesAsync(Slept));
        Assert.All(api.Calls.Skip(1), call => Assert.Equal("/api/migrations/shop-v2", call.Path));
    }

    [Fact]
    public async Task The_start_carries_the_spec_the_key_and_a_token()
    {
        await using var api = await MigrationApi.StartAsync();
        api.OnStart(202).OnRead(200, Run("planned"));

        await RunAsync(api);

        Assert.True(api.Calls.TryPeek(out var start));
        Assert.Equal(("shop-v2", "Bearer token-for-orchestrator", Spec), (start.Key, start.Authorization, start.Body));
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("compensated")]
    [InlineData("rejected")]
    [InlineData("cancelled")]
    [InlineData("rolledBack")]
    public async Task A_run_that_does_not_end_well_fails_the_deployment_and_says_why(string status)
    {
        await using var api = await MigrationApi.StartAsync();
        const string failure = """{"step":"verify","code":"MIG0044","detail":"it differs"}""";
        api.OnStart(202).OnRead(200, $$"""{"id":"shop-v2","status":"{{status}}","failure":{{failure}},"links":{"report":"/r"} }""");

        var (code, errors) = await RunAsync(api);

        Assert.Equal(1, code);
        Assert.Contains("verify: MIG0044: it differs", errors);
        Assert.Equal(status, Result()["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(409, "is taken")]
    [InlineData(422, "another spec")]
    [InlineData(403, "Migrations.Start")]
    [InlineData(400, "not accepted with 400")]
    public async Task A_start_that_is_refused_fails_at_once_and_waits_for_no_run_of_somebody_else(int status, string said)
    {
        await using var api = await MigrationApi.StartAsync();
        api.OnStart(status, """{"code":"MIG0001","title":"No","detail":"not so"}""").OnRead(200, Run("succeeded"));

        var (code, errors) = await RunAsync(api);

        Assert.Equal(1, code);
        Assert.Contains(said, errors);
        Assert.Single(api.Calls);
    }

    [Fact]
    public async Task An_orchestrator_that_is_away_for_a_while_is_asked_again()
    {
        await using var api = await MigrationApi.StartAsync();
        api.OnStart(503).OnStart(202).OnRead(500).OnRead(429).OnRead(200, Run("succeeded"));

        var (code, errors) = await RunAsync(api);

        Assert.True(code == 0, errors);
        Assert.Equal(5, api.Calls.Count);
    }

    [Fact]
    public async Task An_orchestrator_that_stays_away_is_given_up_without_saying_that_the_run_failed()
    {
        await using var api = await MigrationApi.StartAsync();

        var (code, errors) = await RunAsync(api);

        Assert.Equal(1, code);
        Assert.Contains("could not be reached 3 times", errors);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void Every_way_in_which_a_run_can_end_is_known_so_that_none_is_waited_for_after_it()
    {
        var ends = Regex.Matches(Repository.Read("infra/scripts/migrate.sh"), @"^    ([\w| ]+)\) good=[01]; break ;;$", RegexOptions.Multiline)
            .SelectMany(m => m.Groups[1].Value.Split(" | "));

        Assert.Equal(RunStatus.All.Where(RunStatus.IsEnd).Order(StringComparer.Ordinal), ends.Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Slept => Path.Combine(_folder.FullName, "slept.txt");

    private string Output => Path.Combine(_folder.FullName, "output.json");

    private JsonNode Result() => JsonNode.Parse(File.ReadAllText(Output))!;

    private static string Run(string status) => $$"""{"id":"shop-v2","status":"{{status}}","links":{"report":"/api/migrations/shop-v2/report"} }""";

    private async Task<(int Code, string Errors)> RunAsync(MigrationApi api, string? pollSeconds = "0")
    {
        await Script.StandInAsync(_folder, "az", """
            #!/bin/sh
            [ "$1 $2 $3 $4" = 'account get-access-token --resource orchestrator' ] && echo token-for-orchestrator

            """);
        var environment = new Dictionary<string, string>
        {
            ["MIGRATION_ID"] = "shop-v2",
            ["MIGRATION_SPEC"] = Spec,
            ["ORCHESTRATOR_URL"] = api.Url,
            ["ORCHESTRATOR_AUDIENCE"] = "orchestrator",
            ["AZ_SCRIPTS_OUTPUT_PATH"] = Output,
            ["RETRY_SECONDS"] = "0",
            ["MAX_FAILURES"] = "3",
        };
        if (pollSeconds is not null) environment["POLL_SECONDS"] = pollSeconds;
        var (code, _, errors) = await Script.RunAsync("infra/scripts/migrate.sh", _folder, environment);
        return (code, errors);
    }
}
