using System.Text.RegularExpressions;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Infra.Tests;

/// <summary>The real script against an app that runs what was published last; only the Azure CLI is a stand-in.</summary>
public sealed class DeployScriptTests : IAsyncLifetime
{
    // What the script asks of the CLI. A package is a file that holds its version; publishing copies it to where the app reads it.
    private const string Az = """
        #!/usr/bin/env bash
        echo "$*" >> calls
        value() { local name=$1; shift; while [ $# -gt 0 ]; do if [ "$1" = "$name" ]; then echo "$2"; return; fi; shift; done; }
        case "$1 $2 $3" in
          'account get-access-token --resource') [ "$4" = orchestrator ] && echo a-token ;;
          'deployment group list') cat deployments.json ;;
          'storage blob exists') [ -f published ] && echo true || echo false ;;
          'storage blob download') cp published "$(value --file "$@")" ;;
          'functionapp deployment source')
            [ ! -f cli-publishes-nothing ] || exit 1
            cp "$(value --src "$@")" published
            [ ! -f cli-fails-afterwards ] || exit 1
            ;;
          *) echo "unexpected: $*" >&2; exit 9 ;;
        esac
        """;

    private const string Swapping = """{"id":"shop","status":"running","cutOver":{"phase":"swapping","attempt":1}}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deploy-script");
    private DeployedApp _app = null!;

    public async Task InitializeAsync()
    {
        await Script.StandInAsync(_folder, "az", Az);
        _app = await DeployedApp.StartAsync(PathOf("published"));
        Write("deployments.json", $$"""
            [{"properties":{"outputs":{"url":{"value":"{{_app.Url}}"},"functionAppName":{"value":"app"},"storageAccountName":{"value":"store"} } } }]
            """);
        Write("published", "1.0");
        Write("new.zip", "2.0");
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_version_that_comes_up_stays_and_the_one_before_is_kept()
    {
        var (code, errors) = await DeployAsync();

        Assert.True(code == 0, errors);
        Assert.Equal("2.0", Read("published"));
        Assert.Equal("1.0", Read("artifacts/kept/1.0.zip"));
        Assert.Equal(("1.0", "Bearer a-token"), _app.Lists.Select(list => (list.Version, list.Authorization)).Single());
    }

    [Fact]
    public async Task A_cut_over_is_waited_for()
    {
        _app.OnList(Swapping).OnList(503, "{}").OnList(Swapping);

        var (code, errors) = await DeployAsync();

        Assert.True(code == 0, errors);
        Assert.Contains("waiting for shop (swapping)", errors);
        Assert.Equal(["1.0", "1.0", "1.0", "1.0"], _app.Lists.Select(list => list.Version));
    }

    [Theory]
    [InlineData("preparing")]
    [InlineData("traffic")]
    [InlineData("waiting")]
    [InlineData("swapping")]
    [InlineData("swapped")]
    public async Task A_cut_over_that_does_not_end_in_time_is_told_and_nothing_is_published(string phase)
    {
        _app.OnList($$"""{"id":"shop","status":"running","cutOver":{"phase":"{{phase}}","attempt":1} }""");

        var (code, errors) = await DeployAsync(("DRAIN_SECONDS", "0"));

        Assert.Equal(1, code);
        Assert.Contains($"shop ({phase})", errors);
        Assert.Contains("Nothing was changed.", errors);
        Assert.Equal("1.0", Read("published"));
    }

    [Fact]
    public async Task A_run_on_its_way_back_is_waited_for_too()
    {
        _app.OnList("""{"id":"shop","status":"compensating"}""");

        var (code, errors) = await DeployAsync(("DRAIN_SECONDS", "0"));

        Assert.Equal(1, code);
        Assert.Contains("shop (compensating)", errors);
    }

    [Theory]
    [InlineData("""{"id":"shop","status":"running"}""")]
    [InlineData("""{"id":"shop","status":"watching","rollback":{"expiresAt":"2026-12-01T00:00:00Z"}}""")]
    [InlineData("""{"id":"shop","status":"running","postponed":true,"cutOver":{"phase":"waiting","attempt":1}}""")]
    [InlineData("""{"id":"shop","status":"paused","cutOver":{"phase":"waiting","attempt":1}}""")]
    [InlineData("""{"id":"shop","status":"waitingForDecision","pendingDecision":{"id":"d"},"cutOver":{"phase":"preparing","attempt":1}}""")]
    public async Task A_run_that_an_interruption_does_not_hurt_is_not_waited_for(string run)
    {
        _app.OnList(run);

        var (code, errors) = await DeployAsync(("DRAIN_SECONDS", "0"));

        Assert.True(code == 0, errors);
        Assert.Single(_app.Lists);
    }

    [Fact]
    public async Task A_cut_over_on_the_second_page_is_seen()
    {
        _app.OnList("", next: "/api/migrations?continuationToken=two").OnList(Swapping);

        var (code, _) = await DeployAsync(("DRAIN_SECONDS", "0"));

        Assert.Equal(1, code);
        Assert.Equal("?continuationToken=two", _app.Lists.Last().Query);
    }

    [Fact]
    public async Task What_runs_is_kept_before_the_wait_because_a_federated_login_gets_no_other_token_after_it()
    {
        await DeployAsync();

        var calls = Read("calls").Split('\n').Select(call => string.Join(' ', call.Split(' ').Take(3))).ToList();
        Assert.True(calls.IndexOf("storage blob download") < calls.IndexOf("account get-access-token --resource"), string.Join('\n', calls));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_that_does_not_come_up_is_replaced_by_the_one_before(bool answers)
    {
        (answers ? _app.NeverReady : _app.Silent).Add("2.0");

        var (code, errors) = await DeployAsync();

        Assert.Equal(2, code);
        Assert.Contains("1.0 runs again", errors);
        Assert.Contains("the last answer was 503", errors);
        Assert.Equal("1.0", Read("published"));
    }

    [Fact]
    public async Task Where_the_way_back_fails_too_it_is_told_what_is_left_and_what_to_do()
    {
        _app.NeverReady.Add("2.0");
        Write("kept.zip", "0.9");
        _app.NeverReady.Add("0.9");

        var (code, errors) = await DeployAsync(("KEPT_PACKAGE", "kept.zip"));

        Assert.Equal(3, code);
        Assert.Contains("1.0 did not come up either", errors);
        Assert.Contains("config-zip --resource-group group --name app --src kept.zip", errors);
        Assert.Equal("0.9", Read("published"));
    }

    [Fact]
    public async Task While_old_instances_still_answer_the_version_is_not_believed()
    {
        _app.ReplacesSlowly("1.0", answers: 9);

        var (code, errors) = await DeployAsync(("IN_A_ROW", "4"), ("VERIFY_LOOKS", "30"));

        Assert.True(code == 0, errors);
        Assert.Contains("1.0", _app.Answers.Skip(2));
        Assert.Equal(["2.0", "2.0", "2.0", "2.0"], _app.Answers.TakeLast(4));
    }

    [Fact]
    public async Task Who_may_not_see_runs_publishes_nothing()
    {
        _app.OnList(403, """{"code":"MIG0002","title":"Role missing","detail":"Migrations.Read"}""");

        var (code, errors) = await DeployAsync();

        Assert.Equal(1, code);
        Assert.Contains("answers 403: MIG0002: Role missing: Migrations.Read", errors);
        Assert.Equal("1.0", Read("published"));
    }

    [Fact]
    public async Task The_first_package_of_all_is_published_without_asking_for_runs()
    {
        File.Delete(PathOf("published"));

        var (code, errors) = await DeployAsync();

        Assert.True(code == 0, errors);
        Assert.Empty(_app.Lists);
        Assert.Equal("2.0", Read("published"));
    }

    [Fact]
    public async Task An_app_that_is_away_for_a_moment_is_asked_again()
    {
        _app.Away = 2;

        var (code, errors) = await DeployAsync();

        Assert.True(code == 0, errors);
        Assert.Equal("1.0", Read("artifacts/kept/1.0.zip"));
    }

    [Theory]
    [InlineData("0", 1, "1.0")]
    [InlineData("1", 0, "2.0")]
    public async Task Over_an_app_that_does_not_answer_only_force_publishes(string force, int expected, string runs)
    {
        _app.Silent.Add("1.0");

        var (code, errors) = await DeployAsync(("FORCE", force));

        Assert.True(code == expected, errors);
        Assert.Equal(runs, Read("published"));
    }

    [Theory]
    [InlineData("cli-fails-afterwards", 0, "2.0")]
    [InlineData("cli-publishes-nothing", 2, "1.0")]
    public async Task What_runs_counts_and_not_what_the_CLI_says(string fault, int expected, string runs)
    {
        Write(fault, "");

        var (code, errors) = await DeployAsync();

        Assert.True(code == expected, errors);
        Assert.Equal(runs, Read("published"));
    }

    [Fact]
    public async Task A_version_that_runs_already_is_not_published_again()
    {
        Write("published", "2.0");

        var (code, errors) = await DeployAsync();

        Assert.True(code == 0, errors);
        Assert.DoesNotContain("config-zip", Read("calls"));
    }

    [Fact]
    public async Task A_version_from_before_the_answer_said_it_can_be_gone_back_to()
    {
        Write("published", "before");
        _app.NeverReady.Add("2.0");

        var (code, errors) = await DeployAsync();

        Assert.Equal(2, code);
        Assert.Contains("unknown runs again", errors);
        Assert.Equal("before", Read("published"));
    }

    [Theory]
    [InlineData("[]", 1, "no deployment")]
    [InlineData("""[{"properties":{"outputs":null}}]""", 1, "did not end well")]
    public async Task Without_an_installation_it_says_so(string deployments, int expected, string said)
    {
        Write("deployments.json", deployments);

        var (code, errors) = await DeployAsync();

        Assert.Equal(expected, code);
        Assert.Contains(said, errors);
    }

    [Fact]
    public async Task Waiting_alone_publishes_nothing_and_waits_for_nobody_where_nothing_is_installed()
    {
        _app.OnList(Swapping);
        var (waited, _) = await WaitAsync(("DRAIN_SECONDS", "0"));
        var (free, errors) = await WaitAsync(("DRAIN_SECONDS", "0"));
        Write("deployments.json", "[]");
        var (absent, _) = await WaitAsync();

        Assert.Equal((1, 0, 0), (waited, free, absent));
        Assert.DoesNotContain("config-zip", Read("calls"));
        Assert.Empty(errors);
    }

    [Fact]
    public void It_asks_for_every_run_that_has_not_ended()
    {
        var asked = Regex.Match(Repository.Read("infra/scripts/deploy.sh"), "^unfinished=(.+)$", RegexOptions.Multiline).Groups[1].Value.Split(',');

        Assert.Equal(RunStatus.All.Where(status => !RunStatus.IsEnd(status)).Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_address_without_the_name_of_the_app_is_refused_before_anything_is_asked()
    {
        var (code, errors) = await DeployAsync(("ORCHESTRATOR_URL", "http://127.0.0.1:1"));

        Assert.Equal(1, code);
        Assert.Contains("ORCHESTRATOR_APP", errors);
    }

    private Task<(int Code, string Errors)> DeployAsync(params (string Name, string Value)[] settings) => RunAsync("publish", settings);

    private Task<(int Code, string Errors)> WaitAsync(params (string Name, string Value)[] settings) => RunAsync("wait", settings);

    private async Task<(int Code, string Errors)> RunAsync(string mode, (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["RESOURCE_GROUP"] = "group",
            ["ORCHESTRATOR_AUDIENCE"] = "orchestrator",
            ["PACKAGE"] = "new.zip",
            ["VERSION"] = "2.0",
            ["POLL_SECONDS"] = "0",
            ["MAX_FAILURES"] = "3",
            ["IN_A_ROW"] = "2",
            ["VERIFY_LOOKS"] = "6",
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        var (code, _, errors) = await Script.RunAsync("infra/scripts/deploy.sh", _folder, environment, mode);
        return (code, errors);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Read(string name) => File.ReadAllText(PathOf(name));

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);
}
