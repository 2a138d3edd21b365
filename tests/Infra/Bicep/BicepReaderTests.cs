namespace Orchestrator.Infra.Tests.Bicep;

public sealed class BicepReaderTests
{
    private const string Text = """
        metadata name = 'Sample'

        // A comment before.
        @description('Required. It isn\'t there by default.')
        @allowed([
          'a'
        ])
        param kind string

        @description('Optional. One.')
        param count int = 1

        param absent string?

        var settings = {
          One: '${kind}: {'
          Two: {
            Inner: 1
          }
          // Three: not this
        }

        resource store 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
          name: kind
        }

        module part 'modules/part.bicep' = [
          for (item, index) in []: if (count > 0) {
            name: 'part-${index}'
            params: {
              first: kind
              second: {
                inner: '}'
              }
              third: [
                'x'
              ]
            }
          }
        ]

        @description('Its name.')
        output name string = store.name
        """;

    private static readonly BicepFile Sample = BicepReader.Read("infra/sample.bicep", Text.ReplaceLineEndings("\n"));

    [Fact]
    public void A_parameter_is_required_where_it_has_neither_a_default_nor_null()
    {
        Assert.Equal([("kind", true), ("count", false), ("absent", false)], Sample.Parameters.Select(p => (p.Name, p.IsRequired)));
        Assert.Equal("Required. It isn't there by default.", Sample.Parameters[0].Description);
        Assert.Null(Sample.Parameters[2].Description);
    }

    [Fact]
    public void A_module_s_parameters_are_its_own_and_not_what_is_nested_in_them()
    {
        var module = Assert.Single(Sample.Modules);

        Assert.Equal("infra/modules/part.bicep", module.Path);
        Assert.Equal(["first", "second", "third"], module.Parameters);
    }

    [Fact]
    public void Members_are_not_found_in_strings_and_comments()
    {
        var value = Assert.Single(Sample.Variables).Value;

        Assert.Equal(["One", "Two"], BicepReader.Members(value, 0));
    }

    [Fact]
    public void Resources_and_outputs_are_read()
    {
        var resource = Assert.Single(Sample.Resources);

        Assert.Equal(("Microsoft.Storage/storageAccounts@2026-04-01", true), (resource.Type, resource.IsExisting));
        Assert.Equal("store.name", Assert.Single(Sample.Outputs).Value);
    }

    [Theory]
    [InlineData("type shape = string")]
    [InlineData("param broken")]
    [InlineData("import x from 'y'")]
    public void What_is_not_known_is_a_fault(string text) => Assert.Throws<FormatException>(() => BicepReader.Read("infra/other.bicep", text));
}
