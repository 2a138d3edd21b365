namespace Orchestrator.Local.Functions.Timers;

/// <summary>A schedule of six fields, in UTC: second, minute, hour, day of the month, month, day of the week (0 is Sunday). All of them must match.</summary>
internal sealed class CronSchedule
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    // A leap day on a given day of the week comes round within forty years, also across 2100.
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(366 * 40);

    private readonly CronField seconds;
    private readonly CronField minutes;
    private readonly CronField hours;
    private readonly CronField days;
    private readonly CronField months;
    private readonly CronField weekdays;

    private CronSchedule(string[] fields)
    {
        seconds = CronField.Parse(fields[0], "second", 0, 59);
        minutes = CronField.Parse(fields[1], "minute", 0, 59);
        hours = CronField.Parse(fields[2], "hour", 0, 23);
        days = CronField.Parse(fields[3], "day", 1, 31);
        months = CronField.Parse(fields[4], "month", 1, 12, Months);
        weekdays = CronField.Parse(fields[5], "day of the week", 0, 6, Days);
    }

    /// <exception cref="FormatException">The message says what is wrong, without the text itself.</exception>
    public static CronSchedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length is 6 ? new CronSchedule(fields) : throw new FormatException($"it has {fields.Length} fields, and takes six, seconds first");
    }

    /// <summary>The first occurrence after a time; null for a schedule that has none, as of a 31st of February.</summary>
    public DateTimeOffset? After(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        var next = new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc).AddSeconds(1);
        for (var end = next + Horizon; next < end;)
        {
            if (!months.Matches(next.Month))
                next = new DateTime(next.Year, next.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
            else if (!days.Matches(next.Day) || !weekdays.Matches((int)next.DayOfWeek))
                next = next.Date.AddDays(1);
            else if (!hours.Matches(next.Hour))
                next = next.Date.AddHours(next.Hour + 1);
            else if (!minutes.Matches(next.Minute))
                next = next.Date.AddHours(next.Hour).AddMinutes(next.Minute + 1);
            else if (!seconds.Matches(next.Second))
                next = next.AddSeconds(1);
            else
                return next;
        }

        return null;
    }
}
