using System.Globalization;
using NodaTime;
using Orchestrator.Workflows.Waiting;

namespace Orchestrator.Workflows.Migrations;

internal static class WindowReader
{
    public static WindowSpec Read(ObjectReader reader, DateTimeOffset now)
    {
        var sound = true;
        var window = new WindowSpec
        {
            NotBefore = reader.Time("notBefore"),
            Weekly = reader.Objects("weekly", maxCount: 50, weekly => Weekly(weekly, ref sound)),
            LowTraffic = reader.Flag("lowTraffic", otherwise: false),
            Freezes = reader.Objects("freezes", maxCount: 100, freeze => Freeze(freeze, ref sound)),
        };

        // With a part that makes no sense, whether the whole can open says nothing.
        if (sound && WindowCalculator.Next(window, now, WindowCalculator.ShortestUseful) is null)
        {
            reader.FaultAt(reader.Pointer, SpecCodes.ImpossibleWindow,
                $"The window does not open within {WindowCalculator.Horizon.Days} days for {WindowCalculator.ShortestUseful.TotalMinutes:0} minutes or more.");
        }

        return window;
    }

    private static WeeklyWindowSpec Weekly(ObjectReader weekly, ref bool sound)
    {
        weekly.Requires("days", "start", "end");
        var days = Days(weekly);
        var (start, end) = (WallClock(weekly, "start"), WallClock(weekly, "end"));
        var zone = weekly.Text("timeZone") ?? "Etc/UTC";
        var known = DateTimeZoneProviders.Tzdb.Ids.Contains(zone);
        if (!known)
            weekly.Fault("timeZone", SpecCodes.WrongWindow, "The IANA time zone database has no such zone.");
        if (start is not null && start == end)
            weekly.Fault("end", SpecCodes.WrongWindow, "The window ends as it starts.");

        sound = sound && known && days.Count > 0 && start is not null && end is not null && start != end;
        return new WeeklyWindowSpec { Days = days, Start = start ?? default, End = end ?? default, TimeZone = zone };
    }

    private static List<DayOfWeek> Days(ObjectReader weekly)
    {
        var days = new List<DayOfWeek>();
        weekly.Texts("days", maxCount: 7, StringComparer.Ordinal, minCount: 1, objection: name =>
        {
            if (!DayConverter.TryParse(name, out var day))
                return (SpecCodes.WrongWindow, "One of Mon, Tue, Wed, Thu, Fri, Sat, Sun is wanted.");
            days.Add(day);
            return null;
        });
        return days;
    }

    private static TimeOnly? WallClock(ObjectReader weekly, string member)
    {
        if (weekly.Text(member) is not { } text)
            return null;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        weekly.Fault(member, SpecCodes.WrongWindow, "A time of day from 00:00 to 23:59 is wanted.");
        return null;
    }

    private static FreezeSpec Freeze(ObjectReader reader, ref bool sound)
    {
        reader.Requires("from", "to");
        var (from, to) = (reader.Time("from"), reader.Time("to"));
        if (from >= to)
            reader.Fault("to", SpecCodes.WrongWindow, "The freeze ends before it starts.");
        sound = sound && from < to;
        return new FreezeSpec { From = from ?? default, To = to ?? default, Reason = reader.Text("reason", maxLength: 1000) };
    }
}
