using System.Text.RegularExpressions;
using Orchestrator.Local.Demo.Building;
using Orchestrator.RealWorker.World;

namespace Orchestrator.RealWorker;

[Collection(RealAppCollection.Name)]
public sealed partial class IndexTests(RealApp app)
{
    [Fact]
    public void Every_function_of_the_code_is_indexed_with_its_trigger()
    {
        var indexed = app.Running.Host.Worker.Functions.Select(function => $"{function.Name}: {function.TriggerType}").Order(StringComparer.Ordinal);

        Assert.Equal(Declared(), indexed);
    }

    private static IEnumerable<string> Declared() =>
        from folder in (string[])["functions", "workflows"]
        from file in Directory.EnumerateFiles(Repository.Find().At(folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal)
        from Match function in Function().Matches(File.ReadAllText(file))
        let name = $"{function.Groups["name"].Value}: {char.ToLowerInvariant(function.Groups["trigger"].Value[0])}{function.Groups["trigger"].Value[1..]}"
        orderby name
        select name;

    [GeneratedRegex(@"\[Function\(nameof\((?<name>\w+)\)\)\][^\[]*\[(?<trigger>\w+Trigger)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Function();
}
