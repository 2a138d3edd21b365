using System.Globalization;
using Orchestrator.Local.Functions.Timers;

namespace Orchestrator.Local.Functions.Tests;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("0 */5 * * * *", "2026-11-21T10:02:30Z", "2026-11-21T10:05:00Z")]
    [InlineData("0 */5 * * * *", "2026-11-21T10:05:00Z", "2026-11-21T10:10:00Z")]
    [InlineData("*/10 * * * * *", "2026-11-21T23:59:55Z", "2026-11-22T00:00:00Z")]
    [InlineData("0 0 9-17 * * mon-fri", "2026-11-20T17:00:00Z", "2026-11-23T09:00:00Z")]
    [InlineData("30 15 2 * * *", "2026-11-21T02:15:30Z", "2026-11-22T02:15:30Z")]
    [InlineData("0 0 0 1 Jan,Jul *", "2026-11-21T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 12 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T12:00:00Z")]
    [InlineData("0 10/25 * * * *", "2026-11-21T10:35:00Z", "2026-11-21T11:10:00Z")]
    [InlineData("0 0 0 13 * 5", "2026-11-21T00:00:00Z", "2027-08-13T00:00:00Z")]
    [InlineData("5,1 0 0 * * Sunday", "2026-11-21T00:00:00Z", "2026-11-22T00:00:01Z")]
    public void The_next_occurrence_is_the_first_time_after_at_which_every_field_matches(string schedule, string after, string next)
    {
        Assert.Equal(Time(next), CronSchedule.Parse(schedule).After(Time(after)));
    }

    [Fact]
    public void A_date_that_never_comes_has_no_next_occurrence()
    {
        Assert.Null(CronSchedule.Parse("0 0 0 31 2 *").After(Time("2026-11-21T00:00:00Z")));
    }

    [Theory]
    [InlineData("*/5 * * * *", "five fields")]
    [InlineData("60 * * * * *", "sixty seconds")]
    [InlineData("0 0 24 * * *", "24 o'clock")]
    [InlineData("0 0 0 0 * *", "day 0")]
    [InlineData("0 0 0 * 13 *", "month 13")]
    [InlineData("0 0 0 * * 7", "weekday 7")]
    [InlineData("0 30-10 * * * *", "a range backwards")]
    [InlineData("0 */0 * * * *", "no step")]
    [InlineData("0 1/2/3 * * * *", "two steps")]
    [InlineData("0 x * * * *", "a word")]
    public void What_is_no_schedule_is_refused(string schedule, string because)
    {
        Assert.NotEmpty(because);
        Assert.Throws<FormatException>(() => CronSchedule.Parse(schedule));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
