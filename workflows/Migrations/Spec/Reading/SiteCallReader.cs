using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

/// <summary>The parts of a spec that call the site itself: the write pause, the checks and the probes.</summary>
internal static partial class SiteCallReader
{
    // A load test is one activity, and an activity ends within four minutes.
    private static readonly TimeSpan LongestLoad = TimeSpan.FromMinutes(3);

    public static WritePauseSpec ReadWritePause(ObjectReader pause)
    {
        pause.Requires("on", "off");
        return new WritePauseSpec
        {
            On = pause.Object("on", Call) ?? new HttpCallSpec { Path = "/" },
            Off = pause.Object("off", Call) ?? new HttpCallSpec { Path = "/" },
            Limit = pause.Duration("limit", TimeSpan.FromMinutes(2)) ?? WritePauseSpec.DefaultLimit,
            Probe = pause.Object("probe", Probe),
        };
    }

    public static VerifySpec ReadVerify(ObjectReader verify)
    {
        var checks = verify.Objects("http", maxCount: 100, Check);
        for (var index = 0; index < checks.Count; index++)
        {
            if (checks[index].Name.Length > 0 && checks.Take(index).Any(other => other.Name == checks[index].Name))
                verify.FaultAt($"{verify.PointerTo("http")}/{index}/name", SpecCodes.SaidTwice, "Another check has this name.");
        }

        return new VerifySpec
        {
            Http = checks,
            Load = verify.Object("load", Load),
            StaleAfter = verify.Duration("staleAfter", TimeSpan.FromDays(30)) ?? TimeSpan.FromHours(4),
        };
    }

    private static PauseProbeSpec Probe(ObjectReader probe) => new()
    {
        Method = probe.OneOf("method", "POST", "PUT", "PATCH", "DELETE", "GET") ?? "POST",
        Path = Path(probe.Requires("path")),
        Status = probe.Whole("status", otherwise: 503, min: 400, max: 599),
    };

    public static ProbeSpec ReadProbe(ObjectReader probe) => new()
    {
        Path = probe.Has("path") ? Path(probe) : null,
        Rate = probe.Whole("rate", ProbeSpec.DefaultRate, min: 0, max: 50),
    };

    private static HttpCallSpec Call(ObjectReader call) => new()
    {
        Method = call.OneOf("method", "POST", "PUT", "PATCH", "DELETE", "GET") ?? "POST",
        Path = Path(call.Requires("path")),
    };

    private static HttpCheckSpec Check(ObjectReader check) => new()
    {
        Name = check.Requires("name", "path").Text("name", maxLength: 100) ?? "",
        Path = Path(check),
        Status = check.Whole("status", otherwise: 200, min: 100, max: 599),
        Contains = check.Text("contains", maxLength: 4000),
        Within = check.Duration("within", TimeSpan.FromMinutes(1)),
    };

    private static LoadSpec Load(ObjectReader load) => new()
    {
        Path = Path(load.Requires("path", "rate", "duration")),
        Rate = load.Whole("rate", otherwise: 1, min: 1, max: 5000),
        Duration = load.Duration("duration", LongestLoad) ?? LongestLoad,
        ErrorRate = load.Number("errorRate", min: 0, max: 1) ?? 0.01,
        P95 = load.Duration("p95", TimeSpan.FromMinutes(1)),
    };

    private static string Path(ObjectReader reader) =>
        reader.Matching("path", PathAndQuery(), "A path on the site is wanted, with its leading slash and without a host or a fragment.") ?? "/";

    // A second leading slash or a backslash would name another host.
    [GeneratedRegex(@"^/(?![/\\])[^\s\\#\p{Cc}]{0,2000}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathAndQuery();
}
