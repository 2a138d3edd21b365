using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void A_module_that_is_used_is_there_and_gets_what_it_requires_and_nothing_that_it_does_not_have()
    {
        var faults = new List<string>();
        foreach (var (file, module) in Templates.All.SelectMany(file => file.Modules.Select(module => (file, module))))
        {
            if (Templates.All.SingleOrDefault(f => f.Path == module.Path) is not { } used)
            {
                faults.Add($"{file.Path}: {module.Path} is not there");
                continue;
            }

            var required = used.Parameters.Where(p => p.IsRequired).Select(p => p.Name);
            faults.AddRange(required.Except(module.Parameters).Select(name => $"{file.Path}: {module.Name} lacks {name}"));
            faults.AddRange(module.Parameters.Except(used.Parameters.Select(p => p.Name)).Select(name => $"{file.Path}: {module.Name} has no {name}"));
            faults.AddRange(module.Parameters.GroupBy(name => name).Where(g => g.Count() > 1).Select(g => $"{file.Path}: {module.Name} gets {g.Key} twice"));
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void No_module_is_left_over()
    {
        var used = Templates.All.SelectMany(file => file.Modules).Select(module => module.Path).ToHashSet();

        Assert.Equal(Repository.Files("infra/modules", "*.bicep"), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_output_that_is_read_is_one_that_the_module_has()
    {
        var faults =
            from file in Templates.All
            from module in file.Modules
            from read in Regex.Matches(file.Text, $@"\b{module.Name}(?:\[\w+\])?!?\.outputs\.(\w+)").Select(m => m.Groups[1].Value)
            where Templates.Of(module.Path).Outputs.All(output => output.Name != read)
            select $"{file.Path}: {module.Name} has no output {read}";

        Assert.Empty(faults);
    }
}
