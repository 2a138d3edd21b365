namespace Orchestrator.Infra.Tests;

/// <summary>Who follows a page from top to bottom never has to guess a value: what a command uses, the page has defined before or the repository has.</summary>
public sealed class DocumentCommandTests
{
    // What every page below begins with.
    private const string Before = """
        ```bash
        GROUP=migrate NAME=migrate
        export ORCHESTRATOR_AUDIENCE=$(az ad app list --display-name "Orchestrator $NAME" --query "[0].appId" --output tsv)
        output() { az deployment group show --name orchestrator --resource-group $GROUP --query properties.outputs.$1.value --output tsv; }
        ```

        """;

    public static TheoryData<string> Pages => ["docs/azure.md", "docs/upgrade.md"];

    [Theory, MemberData(nameof(Pages))]
    public void A_page_defines_what_its_commands_use(string page)
    {
        var commands = new CommandPage(page, Repository.Read(page));

        Assert.Empty(commands.Faults());
        Assert.NotEmpty(commands.Blocks);
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_s_commands_are_bash(string page)
    {
        foreach (var (line, bash) in new CommandPage(page, Repository.Read(page)).Blocks)
        {
            var (code, _, errors) = await Tool.RunAsync("bash", "-n", "-c", bash);

            Assert.True(code == 0, $"{page}:{line}: {errors}");
        }
    }

    [Theory]
    [InlineData("az group create --name $GROUP --location $LOCATION", "page.md:7: $LOCATION is not defined above")]
    [InlineData("az group show --name $GROUP \\\n  --query \"[?name=='$OTHER']\"", "page.md:7: $OTHER is not defined above")]
    [InlineData("LATER=$LATER", "page.md:7: $LATER is not defined above")]
    [InlineData("ONCE=1 az account show\necho $ONCE", "page.md:8: $ONCE is not defined above")]
    [InlineData("echo $(output nothing)", "page.md: infra/main.bicep has no output nothing")]
    [InlineData("./infra/scripts/absent.sh", "page.md: infra/scripts/absent.sh is not there")]
    [InlineData("PACKAGE=a.zip ./infra/scripts/package.sh", "page.md:7: infra/scripts/package.sh wants VERSION, which is neither exported nor given to it")]
    [InlineData("VERSION=1\nPACKAGE=a.zip ./infra/scripts/package.sh", "page.md:8: infra/scripts/package.sh wants VERSION, which is neither exported nor given to it")]
    [InlineData("az deployment group create --parameters infra/main.bicepparam --parameters name=$NAME audience=a backend=b", "page.md:7: infra/main.bicep has no parameter backend")]
    [InlineData("az deployment group create --template-file infra/migrate.bicep --parameters url=u audience=a \\\n  spec=@s.json", "page.md:7: infra/migrate.bicep requires identityId")]
    [InlineData("az deployment group show --query properties.parameters.backends.value", "page.md: infra/main.bicep has no parameter backends")]
    [InlineData("azd env set TARGET_SIZES x", "page.md:7: nothing reads azd's TARGET_SIZES")]
    [InlineData("```\n\nIn the file: `param sku = 'x'`, as [here](nowhere.md) is said.\n\n```bash", "page.md: nowhere.md is not there", "page.md: infra/main.bicep has no parameter sku")]
    public void What_nothing_defines_is_seen(string commands, params string[] faults) =>
        Assert.Equal(faults, new CommandPage("page.md", $"{Before}```bash\n{commands}\n```\n".ReplaceLineEndings("\n")).Faults());

    [Theory]
    [InlineData("for id in a b; do echo $id ${id%/*}; done")]
    [InlineData("call() { curl \"$@\"; }\nFIRST=$(output url)      # it's the app's\nSECOND=$FIRST/api\necho $SECOND")]
    [InlineData("jq --arg id $NAME '. + {id: $id}' a.json")]
    [InlineData("VERSION=1 PACKAGE=a.zip BACK_END=AzureStorage ./infra/scripts/package.sh")]
    [InlineData("export VERSION=1 PACKAGE=a.zip\n./infra/scripts/package.sh\nA=$(ORCHESTRATOR_NAME=$NAME ./infra/scripts/register.sh)\n./infra/scripts/grant.sh $A Migrations.Read")]
    [InlineData("az ad app federated-credential create --parameters \"{\\\"name\\\": \\\"a\\\",\n  \\\"subject\\\": \\\"$NAME\\\"}\"\necho $GROUP")]
    public void What_is_defined_is_no_fault(string commands) =>
        Assert.Empty(new CommandPage("page.md", $"{Before}```bash\n{commands}\n```\n".ReplaceLineEndings("\n")).Faults());
}
