using System.Text.Json;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Spec;

public sealed class SpecJsonTests
{
    [Theory]
    [InlineData("PT0.3S", 300)]
    [InlineData("PT5S", 5_000)]
    [InlineData("P1D", 86_400_000)]
    [InlineData("PT1H30M", 5_400_000)]
    [InlineData("P1DT1S", 86_401_000)]
    public void A_duration_is_read_and_written_as_iso_8601(string text, int milliseconds)
    {
        Assert.True(IsoDuration.TryParse(text, out var duration));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
        Assert.Equal(text, IsoDuration.Format(duration));
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("5S")]
    [InlineData("PT5")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("-PT5S")]
    [InlineData("pt5s")]
    [InlineData("PT5S\n")]
    [InlineData("PT999999999999S")]
    public void What_is_no_duration_of_fixed_length_is_refused(string text)
    {
        Assert.False(IsoDuration.TryParse(text, out _));
    }

    [Fact]
    public void The_input_survives_the_default_serializer_of_the_engine()
    {
        var spec = JsonSerializer.Deserialize<MigrationSpec>(Specs.Example, SpecJson.Options)!;
        var input = MigrationInput.From(spec, "shop-v2", "dee@contoso.com", new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero));
        var web = new JsonSerializerOptions(JsonSerializerDefaults.Web);

        var json = JsonSerializer.Serialize(input, web);
        var again = JsonSerializer.Deserialize<MigrationInput>(json, web)!;

        Assert.Equal(json, JsonSerializer.Serialize(again, web));
        Assert.Equal(TimeSpan.FromHours(12), again.Outline.Approval!.EscalateAfter);
        Assert.Equal([DayOfWeek.Saturday, DayOfWeek.Sunday], again.Outline.Window!.Weekly[0].Days);
    }

    [Fact]
    public void A_signature_in_a_data_url_never_enters_the_input()
    {
        var spec = JsonSerializer.Deserialize<MigrationSpec>(Specs.Example.Replace("blob.core.windows.net/orders\"", "blob.core.windows.net/orders?sig=secret\""), SpecJson.Options)!;

        var input = JsonSerializer.Serialize(MigrationInput.From(spec, "shop-v2", "dee@contoso.com", default));

        Assert.Contains("sig=secret", spec.Data[0].Source);
        Assert.DoesNotContain("secret", input);
        Assert.Contains("https://shopstore.blob.core.windows.net/orders\"", input);
    }

    [Theory]
    [InlineData("\"none\"", false)]
    [InlineData("""{"approvers":["ana@contoso.com"]}""", true)]
    public void An_approval_is_rules_or_the_word_none(string approval, bool asksPeople)
    {
        var text = $$"""{"site":"s","release":{},"approval":{{approval}}}""";

        var spec = JsonSerializer.Deserialize<MigrationSpec>(text, SpecJson.Options)!;
        var again = JsonSerializer.Deserialize<MigrationSpec>(JsonSerializer.Serialize(spec, SpecJson.Options), SpecJson.Options)!;

        Assert.Equal(asksPeople, again.Approval is not null);
    }

    [Fact]
    public void What_the_spec_leaves_out_has_the_documented_default()
    {
        var spec = JsonSerializer.Deserialize<MigrationSpec>("""{"site":"s","release":{},"approval":{"approvers":["a"]}}""", SpecJson.Options)!;

        Assert.Equal(MigrationMode.Migrate, spec.Mode);
        Assert.Equal("migration", spec.Slot);
        Assert.Equal((1, TimeSpan.FromDays(1)), (spec.Approval!.Quorum, spec.Approval.Timeout));
        Assert.Equal(TimeSpan.FromMinutes(10), spec.Watch.Duration);
        Assert.Equal((30, true), (spec.Snapshot.RetainDays, spec.Snapshot.TestRestore));
        Assert.Equal(TimeSpan.FromHours(4), spec.Verify.StaleAfter);
        Assert.Equal((null, 5), (spec.Probe.Path, spec.Probe.Rate));
    }
}
