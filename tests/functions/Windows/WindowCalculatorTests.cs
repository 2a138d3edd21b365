using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Waiting;

namespace Orchestrator.Functions.Tests.Windows;

public sealed class WindowCalculatorTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(5);

    [Fact]
    public void Without_a_window_any_time_will_do()
    {
        Assert.Equal(new WindowOpening(At("2026-11-21T06:00Z"), DateTimeOffset.MaxValue), WindowCalculator.Next(window: null, At("2026-11-21T06:00Z"), Short));
    }

    [Theory]
    // A Saturday in Paris, UTC+1: before, within, and too late for that day.
    [InlineData("2026-11-20T12:00Z", "2026-11-21T00:00Z", "2026-11-21T04:00Z")]
    [InlineData("2026-11-21T02:30Z", "2026-11-21T02:30Z", "2026-11-21T04:00Z")]
    [InlineData("2026-11-21T03:56Z", "2026-11-22T00:00Z", "2026-11-22T04:00Z")]
    [InlineData("2026-11-22T04:00Z", "2026-11-28T00:00Z", "2026-11-28T04:00Z")]
    // In summer the same clock is UTC+2.
    [InlineData("2027-07-01T00:00Z", "2027-07-02T23:00Z", "2027-07-03T03:00Z")]
    public void A_weekly_window_follows_the_clock_of_its_zone(string at, string start, string end)
    {
        var window = Weekly("Europe/Paris", "01:00", "05:00", DayOfWeek.Saturday, DayOfWeek.Sunday);

        Assert.Equal(new WindowOpening(At(start), At(end)), WindowCalculator.Next(window, At(at), Short));
    }

    [Theory]
    [InlineData("2026-11-20T21:00Z", "2026-11-20T22:00Z", "2026-11-21T02:00Z")]
    [InlineData("2026-11-21T01:00Z", "2026-11-21T01:00Z", "2026-11-21T02:00Z")]
    [InlineData("2026-11-21T02:00Z", "2026-11-27T22:00Z", "2026-11-28T02:00Z")]
    public void A_window_past_midnight_belongs_to_the_day_it_starts_on(string at, string start, string end)
    {
        var window = Weekly("Etc/UTC", "22:00", "02:00", DayOfWeek.Friday);

        Assert.Equal(new WindowOpening(At(start), At(end)), WindowCalculator.Next(window, At(at), Short));
    }

    [Theory]
    // Paris, 29 March 2026: 02:00 becomes 03:00, so 02:15 to 02:45 does not happen and 01:30 to 03:30 lasts an hour.
    [InlineData("2026-03-28T12:00Z", "02:15", "02:45", "2026-04-05T00:15Z", "2026-04-05T00:45Z")]
    [InlineData("2026-03-28T12:00Z", "01:30", "03:30", "2026-03-29T00:30Z", "2026-03-29T01:30Z")]
    [InlineData("2026-03-28T12:00Z", "02:30", "04:00", "2026-03-29T01:00Z", "2026-03-29T02:00Z")]
    // Paris, 25 October 2026: 03:00 becomes 02:00, so 02:30 comes twice.
    [InlineData("2026-10-24T12:00Z", "01:00", "02:30", "2026-10-24T23:00Z", "2026-10-25T00:30Z")]
    [InlineData("2026-10-24T12:00Z", "02:30", "04:00", "2026-10-25T01:30Z", "2026-10-25T03:00Z")]
    [InlineData("2026-10-24T12:00Z", "02:10", "02:50", "2026-10-25T01:10Z", "2026-10-25T01:50Z")]
    [InlineData("2026-10-24T12:00Z", "01:00", "04:00", "2026-10-24T23:00Z", "2026-10-25T03:00Z")]
    public void A_change_of_clocks_never_opens_a_window_when_its_clock_is_outside(string at, string from, string to, string start, string end)
    {
        var window = Weekly("Europe/Paris", from, to, DayOfWeek.Sunday);

        Assert.Equal(new WindowOpening(At(start), At(end)), WindowCalculator.Next(window, At(at), Short));
    }

    [Fact]
    public void An_opening_too_short_for_what_must_fit_is_passed_over()
    {
        var window = Weekly("Etc/UTC", "01:00", "02:00", DayOfWeek.Saturday) with
        {
            Freezes = [new FreezeSpec { From = At("2026-11-21T01:20Z"), To = At("2026-11-21T01:50Z") }],
        };

        Assert.Equal(At("2026-11-21T01:00Z"), WindowCalculator.Next(window, At("2026-11-20T00:00Z"), TimeSpan.FromMinutes(20))!.Start);
        Assert.Equal(At("2026-11-28T01:00Z"), WindowCalculator.Next(window, At("2026-11-20T00:00Z"), TimeSpan.FromMinutes(21))!.Start);
    }

    [Fact]
    public void Windows_that_touch_are_one_opening()
    {
        var window = new WindowSpec
        {
            Weekly =
            [
                .. Weekly("Etc/UTC", "22:00", "00:00", DayOfWeek.Friday).Weekly,
                .. Weekly("Etc/UTC", "00:00", "04:00", DayOfWeek.Saturday).Weekly,
            ],
        };

        Assert.Equal(new WindowOpening(At("2026-11-20T22:00Z"), At("2026-11-21T04:00Z")), WindowCalculator.Next(window, At("2026-11-20T00:00Z"), TimeSpan.FromHours(6)));
    }

    [Fact]
    public void Freezes_that_overlap_are_left_at_the_end_of_the_last()
    {
        var window = new WindowSpec
        {
            NotBefore = At("2026-12-01T00:00Z"),
            Freezes =
            [
                new FreezeSpec { From = At("2026-11-30T00:00Z"), To = At("2026-12-10T00:00Z") },
                new FreezeSpec { From = At("2026-12-02T00:00Z"), To = At("2026-12-03T00:00Z") },
                new FreezeSpec { From = At("2027-01-01T00:00Z"), To = At("2027-01-02T00:00Z") },
            ],
        };

        Assert.Equal(new WindowOpening(At("2026-12-10T00:00Z"), At("2027-01-01T00:00Z")), WindowCalculator.Next(window, At("2026-11-21T00:00Z"), Short));
    }

    [Fact]
    public void What_opens_only_after_a_year_does_not_open()
    {
        var window = new WindowSpec { NotBefore = At("2028-01-01T00:00Z") };

        Assert.Null(WindowCalculator.Next(window, At("2026-11-21T00:00Z"), Short));
    }

    private static WindowSpec Weekly(string zone, string start, string end, params DayOfWeek[] days) => new()
    {
        Weekly = [new WeeklyWindowSpec { Days = days, Start = TimeOnly.Parse(start), End = TimeOnly.Parse(end), TimeZone = zone }],
    };

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
