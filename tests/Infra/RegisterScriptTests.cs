using System.Text.Json.Nodes;

namespace Orchestrator.Infra.Tests;

/// <summary>The scripts that make the app registration and give its roles, against a directory that is a few files.</summary>
public sealed class RegisterScriptTests : IAsyncLifetime
{
    // Registrations are lines "client id TAB name" of apps; calls that change something are in changes.
    private const string Az = """
        #!/usr/bin/env bash
        value() { local name=$1; shift; while [ $# -gt 0 ]; do if [ "$1" = "$name" ]; then echo "$2"; return; fi; shift; done; }
        title=$(value --display-name "$@")
        case "$1 $2 $3" in
          'ad app list') [ ! -f apps ] || awk -F '\t' -v title="$title" '$2 == title { print $1 }' apps ;;
          'ad app create') printf 'client-%s\t%s\n' "$(cat apps 2>/dev/null | wc -l | tr -d ' ')" "$title" >> apps; tail -1 apps | cut -f 1; echo create >> changes ;;
          'ad app show') echo "object-of-$(value --id "$@")" ;;
          'ad app update') echo "update $(value --id "$@") $(value --identifier-uris "$@")" >> changes ;;
          'ad sp list') cat principal 2>/dev/null || true ;;
          'ad sp create') echo principal-object > principal; echo sp >> changes ;;
          'ad sp show') case "$(value --query "$@")" in *Migrations.Read*) echo role-read ;; *Migrations.Start*) echo role-start ;; esac ;;
          'rest --method PATCH')
            if [ -f graph-is-behind ]; then rm graph-is-behind; echo 'Not Found' >&2; exit 1; fi
            body=$(value --body "$@"); cp "${body#@}" "sent-$(basename "$body")"; echo "patch $(value --url "$@")" >> changes
            ;;
          'rest --method POST')
            body=$(value --body "$@")
            if grep -qsF "$body" given; then echo 'Permission being assigned already exists on the object' >&2; exit 1; fi
            if [ -f graph-is-behind ]; then rm graph-is-behind; echo 'Not Found({"error":{"code":"Request_ResourceNotFound"}})' >&2; exit 1; fi
            if [ -f graph-refuses ]; then echo 'Insufficient privileges' >&2; exit 1; fi
            echo "$body" >> given
            ;;
          *) echo "unexpected: $*" >&2; exit 9 ;;
        esac
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("register-script");

    public Task InitializeAsync() => Script.StandInAsync(_folder, "az", Az);

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_registration_is_made_with_its_roles_and_its_client_id_is_all_that_is_printed()
    {
        var (code, output, errors) = await RegisterAsync();

        Assert.True(code == 0, errors);
        Assert.Equal("client-0\n", output);
        Assert.Contains("update client-0 api://client-0", Read("changes"));
        Assert.Contains("patch https://graph.microsoft.com/v1.0/applications/object-of-client-0", Read("changes"));
        Assert.Equal(Repository.Read("infra/entra/application.json"), Read("sent-application.json"));
        Assert.Equal(Repository.Read("infra/entra/azure-cli.json"), Read("sent-azure-cli.json"));
        Assert.Equal("principal-object\n", Read("principal"));
    }

    [Fact]
    public async Task A_second_time_makes_no_second_registration_and_no_second_principal()
    {
        await RegisterAsync();

        var (code, output, errors) = await RegisterAsync();

        Assert.True(code == 0, errors);
        Assert.Equal("client-0\n", output);
        Assert.Equal(1, Lines("changes").Count(line => line == "create"));
        Assert.Equal(1, Lines("changes").Count(line => line == "sp"));
    }

    [Fact]
    public async Task A_directory_that_does_not_know_yet_what_was_made_is_asked_again()
    {
        Write("graph-is-behind", "");

        var (code, _, errors) = await RegisterAsync();

        Assert.True(code == 0, errors);
        Assert.Equal(2, Lines("changes").Count(line => line.StartsWith("patch ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_several_with_its_name_none_is_taken_unless_it_is_named()
    {
        Write("apps", "one\tOrchestrator migrate\ntwo\tOrchestrator migrate\nthree\tOrchestrator migrate2\n");

        var (refused, _, errors) = await RegisterAsync();
        var (code, output, _) = await RegisterAsync(("ORCHESTRATOR_AUDIENCE", "two"));

        Assert.Equal(1, refused);
        Assert.Contains("several registrations", errors);
        Assert.Equal((0, "two\n"), (code, output));
    }

    [Fact]
    public async Task Roles_are_given_once_however_often_they_are_asked_for()
    {
        Write("principal", "principal-object\n");

        var (first, _, _) = await GrantAsync("ana", "Migrations.Read", "Migrations.Start");
        var (second, _, errors) = await GrantAsync("ana", "Migrations.Read");

        Assert.True((first, second) == (0, 0), errors);
        Assert.Equal(["role-read", "role-start"], Lines("given").Select(line => JsonNode.Parse(line)!["appRoleId"]!.GetValue<string>()));
        Assert.All(Lines("given"), line => Assert.Equal(("ana", "principal-object"), Assignment(line)));
    }

    [Theory]
    [InlineData("Migrations.Fly", "no role Migrations.Fly")]
    [InlineData("Migrations.Read", "Insufficient privileges")]
    public async Task A_role_that_cannot_be_given_is_told(string role, string said)
    {
        Write("principal", "principal-object\n");
        Write("graph-refuses", "");

        var (code, _, errors) = await GrantAsync("ana", role);

        Assert.Equal(1, code);
        Assert.Contains(said, errors);
    }

    [Fact]
    public async Task A_role_is_given_to_an_identity_that_was_made_a_moment_ago()
    {
        Write("principal", "principal-object\n");
        Write("graph-is-behind", "");

        var (code, _, errors) = await GrantAsync("new", "Migrations.Read");

        Assert.True(code == 0, errors);
        Assert.Equal("new", Assignment(Assert.Single(Lines("given"))).Who);
    }

    private static (string Who, string Of) Assignment(string line) =>
        (JsonNode.Parse(line)!["principalId"]!.GetValue<string>(), JsonNode.Parse(line)!["resourceId"]!.GetValue<string>());

    private Task<(int Code, string Output, string Errors)> RegisterAsync(params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string> { ["ORCHESTRATOR_NAME"] = "migrate", ["ORCHESTRATOR_AUDIENCE"] = "", ["POLL_SECONDS"] = "0" };
        foreach (var (name, value) in settings)
            environment[name] = value;
        return Script.RunAsync("infra/scripts/register.sh", _folder, environment);
    }

    private Task<(int Code, string Output, string Errors)> GrantAsync(params string[] arguments) =>
        Script.RunAsync("infra/scripts/grant.sh", _folder, new Dictionary<string, string> { ["ORCHESTRATOR_AUDIENCE"] = "client-0", ["POLL_SECONDS"] = "0" }, arguments);

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder.FullName, name));

    private string[] Lines(string name) => Read(name).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
