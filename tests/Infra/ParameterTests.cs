using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

public sealed partial class ParameterTests
{
    [Fact]
    public void Every_parameter_says_what_it_is_and_whether_it_is_required()
    {
        var faults =
            from file in Templates.All
            from parameter in file.Parameters
            let wanted = parameter.IsRequired ? "Required. " : "Optional. "
            where parameter.Description is not { } text || !text.StartsWith(wanted, StringComparison.Ordinal) || text.Length < wanted.Length + 5
            select $"{file.Path}: {parameter.Name} should begin with {wanted.Trim()}";

        Assert.Empty(faults);
        Assert.NotEmpty(Templates.Of("infra/main.bicep").Parameters);
    }

    [Fact]
    public void Every_parameter_and_every_variable_is_used()
    {
        var faults =
            from file in Templates.All
            from name in file.Parameters.Select(p => p.Name).Concat(file.Variables.Select(v => v.Name))
            where Regex.Count(Spoken().Replace(file.Text, ""), $@"\b{name}\b(?!:)|(?<!^ *)\b{name}:", RegexOptions.Multiline) < 2
            select $"{file.Path}: {name}";

        Assert.Empty(faults);
    }

    [Fact]
    public void The_sample_gives_what_is_required_and_nothing_that_is_not_there()
    {
        var sample = Regex.Matches(Repository.Read("infra/main.bicepparam"), @"^param (\w+) =", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToList();
        var parameters = Templates.Of("infra/main.bicep").Parameters;

        Assert.Subset(parameters.Select(p => p.Name).ToHashSet(), sample.ToHashSet());
        Assert.Subset(sample.ToHashSet(), parameters.Where(p => p.IsRequired).Select(p => p.Name).ToHashSet());
    }

    // Descriptions and comments: a name in them is no use of it.
    [GeneratedRegex(@"@description\('(?:[^'\\]|\\.)*'\)|//[^\n]*")]
    private static partial Regex Spoken();
}
