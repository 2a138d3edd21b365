using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

/// <summary>docs/capacity.md: its figures are those of the code and of the measurement, and its sums are right.</summary>
public sealed partial class CapacityTests
{
    private static readonly CapacityPage Page = CapacityPage.Read("docs/capacity.md");

    /// <summary>Name of a figure in the page, the file it is from, and how it stands there; the part in parentheses is the number, which may be a product.</summary>
    public static TheoryData<string, string, string> Constants => new()
    {
        { "activitiesPerInstance", "host.json", @"""maxConcurrentActivityFunctions"": (\d+)" },
        { "orchestratorsPerInstance", "host.json", @"""maxConcurrentOrchestratorFunctions"": (\d+)" },
        { "functionTimeoutMinutes", "host.json", @"""functionTimeout"": ""00:(\d+):00""" },
        { "instanceMemoryMB", "infra/modules/function-app.bicep", @"param instanceMemoryMB int = (\d+)" },
        { "maximumInstances", "infra/main.bicep", @"param maximumInstances int = (\d+)" },
        { "logRetentionDays", "infra/main.bicep", @"param logRetentionDays int = (\d+)" },
        { "alertEveryMinutes", "infra/modules/alerts.bicep", @"evaluationFrequency: 'PT(\d+)M'" },
        { "openRunsEveryMinutes", "functions/Migrations/LogOpenRuns.cs", @"Schedule = ""0 \*/(\d+) " },
        { "piecesAtOnce", "workflows/Azure/Blobs/ObjectCopier.cs", @"const int Parallelism = (\d+);" },
        { "pieceBytes", "workflows/Azure/Blobs/PieceReader.cs", @"const int PieceBytes = ([\d *]+);" },
        { "batchObjects", "workflows/Azure/Blobs/CopyBudget.cs", @"Batch .*Objects: ([\d_]+)" },
        { "batchSeconds", "workflows/Azure/Blobs/CopyBudget.cs", @"Batch .*FromSeconds\((\d+)\)" },
        { "batchOvertime", "workflows/Azure/Blobs/CopyBudget.cs", @"const int Overtime = (\d+);" },
        { "emptyingMinutes", "workflows/Data/BlobContainers/BlobTargets.cs", @"Emptying = .*FromMinutes\(([\d.]+)\)" },
        { "lanesAtOnce", "workflows/Sync/SyncPasses.cs", @"const int LanesAtOnce = (\d+);" },
        { "callsInOneHistory", "workflows/Sync/SyncPasses.cs", @"const int MaxCalls = (\d+);" },
        { "snapshotPartObjects", "workflows/Data/BlobContainers/SnapshotBudget.cs", @"int Copied = ([\d_]+)" },
        { "listingPage", "workflows/Azure/Blobs/ContainerListing.cs", @"const int FrugalPage = ([\d_]+);" },
        { "wayBackShortestSeconds", "workflows/WayBack/KeepWayBackOrchestrator.cs", @"Shortest = TimeSpan.FromSeconds\((\d+)\)" },
        { "wayBackLongestMinutes", "workflows/WayBack/KeepWayBackOrchestrator.cs", @"Longest = TimeSpan.FromMinutes\((\d+)\)" },
        { "wayBackPauseInPasses", "workflows/WayBack/KeepWayBackOrchestrator.cs", @"const int PauseInPasses = (\d+);" },
        { "wayBackDays", "workflows/Migrations/Spec/RollbackSpec.cs", @"DefaultExpiry = TimeSpan.FromDays\((\d+)\)" },
        { "probeBatchSeconds", "workflows/Probing/ProbeGrid.cs", @"Length = TimeSpan.FromSeconds\((\d+)\)" },
        { "watchMinutes", "workflows/Migrations/Spec/WatchSpec.cs", @"Duration .*= TimeSpan.FromMinutes\((\d+)\)" },
        { "watchLooks", "workflows/Watching/WatchOrchestrator.cs", @"const int Looks = (\d+);" },
        { "pollSeconds", "workflows/Azure/AzureOptions.cs", @"PollInterval .*= TimeSpan.FromSeconds\((\d+)\)" },
        { "previewLookSeconds", "workflows/CutOver/PrepareCutOverOrchestrator.cs", @"BetweenLooks = TimeSpan.FromSeconds\((\d+)\)" },
        { "swapLookSeconds", "workflows/CutOver/Swap.cs", @"BetweenLooks = TimeSpan.FromSeconds\((\d+)\)" },
        { "swapPauseMs", "workflows/CutOver/MakeSlotLive.cs", @"Later = TimeSpan.FromMilliseconds\((\d+)\)" },
        { "longestWaitSeconds", "functions/Migrations/GetMigration.cs", @"LongestWait = TimeSpan.FromSeconds\((\d+)\)" },
        { "softDeleteDays", "infra/modules/storage.bicep", @"param softDeleteDays int = (\d+)" },
        { "approvalDaysAtMost", "workflows/Migrations/Spec/Reading/ApprovalReader.cs", @"Longest = TimeSpan.FromDays\((\d+)\)" },
    };

    [Theory, MemberData(nameof(Constants))]
    public void A_constant_in_the_page_is_the_one_in_the_code(string name, string file, string pattern)
    {
        var found = Regex.Match(Repository.Read(file), pattern);

        Assert.True(found.Success, $"{file} has no longer what {name} is read from.");
        Assert.Equal(CapacityPage.Product(found.Groups[1].Value), Page.Figures[name].Value);
        Assert.Contains(file, Page.Figures[name].From);
    }

    [Fact]
    public void Every_constant_in_the_page_is_held_by_this_test()
    {
        var held = Constants.Select(row => (string)row[0]).ToHashSet(StringComparer.Ordinal);

        var constants = Page.Figures.Values.Where(figure => figure.From.StartsWith('[')).Select(figure => figure.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(held.Order(StringComparer.Ordinal), constants.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void As_many_alert_rules_are_counted_as_Bicep_makes()
    {
        var rules = Templates.Of("infra/modules/alerts.bicep").Variables.Single(variable => variable.Name == "rules").Value;

        Assert.Equal(Regex.Count(rules, "loadTextContent"), Page.Figures["alertRules"].Value);
    }

    [Fact]
    public void A_measured_figure_is_the_one_that_the_benchmark_printed()
    {
        using var printed = JsonDocument.Parse(Repository.Read("docs/capacity-measured.json"));
        var measured = Page.Figures.Values.Where(figure => MeasuredFrom().IsMatch(figure.From)).ToList();

        Assert.NotEmpty(measured);
        foreach (var figure in measured)
            Assert.Equal((figure.Name, CapacityPage.At(printed.RootElement, MeasuredFrom().Match(figure.From).Groups[1].Value)), (figure.Name, figure.Value));
    }

    [Fact]
    public void Every_sum_in_the_page_comes_out_as_it_says()
    {
        Assert.NotEmpty(Page.Sums);
        foreach (var sum in Page.Sums)
        {
            var value = Page.Evaluate(sum.Formula);

            Assert.True(CapacityPage.IsRounded(value, sum.Result), $"{sum.Name} = {sum.Formula} is {value.ToString(CultureInfo.InvariantCulture)}, the page says {sum.Result}.");
        }
    }

    [Fact]
    public void A_number_in_the_text_is_that_of_the_name_behind_it()
    {
        var named = NumberWithName().Matches(Repository.Read("docs/capacity.md"));

        Assert.NotEmpty(named);
        Assert.All(named, match => Assert.True(
            CapacityPage.IsRounded(Page.Evaluate(match.Groups[2].Value), match.Groups[1].Value), $"'{match.Value}': the page has another figure for that."));
    }

    [Fact]
    public void Every_figure_is_used_in_a_sum_or_named_in_the_text()
    {
        var text = string.Join('\n', Repository.Read("docs/capacity.md").Split('\n').Where(line => !CapacityPage.IsFigure(line)));

        Assert.All(Page.Figures.Keys, name => Assert.Matches($@"\b{name}\b", text));
    }

    /// <summary>A number, a word or a few, and the name in backticks and parentheses.</summary>
    [GeneratedRegex(@"(?<![\w.,])(\d[\d.,]*)(?: [\w ]{1,12})?\s\(`(\w+)`\)")]
    private static partial Regex NumberWithName();

    [GeneratedRegex("^measured, `([^`]+)`")]
    private static partial Regex MeasuredFrom();
}
