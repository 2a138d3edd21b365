using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Reads a spec from outside: the spec with its defaults filled in, or every fault that it has.</summary>
public static partial class SpecReader
{
    /// <param name="requester">Who hands it in; cannot approve, and so does not count towards the quorum.</param>
    /// <param name="now">Decides whether a window can still open.</param>
    public static SpecReading Read(ReadOnlyMemory<byte> body, string requester, DateTimeOffset now)
    {
        var spec = JsonInput.Read(body, out var faults, root => Root(root, requester, now));
        return new SpecReading(spec, faults);
    }

    /// <summary>Whether a text can be a run's id: a DNS label in lower case.</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    private static MigrationSpec Root(ObjectReader root, string requester, DateTimeOffset now)
    {
        var mode = root.OneOf("mode", "plan", "rehearse", "migrate") switch
        {
            "plan" => MigrationMode.Plan,
            "rehearse" => MigrationMode.Rehearse,
            _ => MigrationMode.Migrate,
        };
        root.Requires("site", "release");
        if (mode == MigrationMode.Migrate && !root.Has("approval"))
            root.Fault("approval", SpecCodes.Missing, "The member is required; say \"none\" where nobody is to be asked.");

        var spec = new MigrationSpec
        {
            Id = root.Matching("id", Id(), "1 to 63 lower-case letters, digits and inner hyphens are wanted."),
            Mode = mode,
            Reason = root.Text("reason", maxLength: 1000),
            Ticket = root.Text("ticket", maxLength: 100),
            Runbook = SpecUrl.Read(root, "runbook"),
            Site = Site(root),
            Slot = Slot(root),
            Release = root.Object("release", ReleaseReader.Read) ?? new ReleaseSpec(),
            Data = root.Objects("data", maxCount: 100, DataReader.Read),
            Snapshot = root.Object("snapshot", DataReader.ReadSnapshot) ?? new SnapshotSpec(),
            WritePause = root.Object("writePause", SiteCallReader.ReadWritePause),
            Verify = root.Object("verify", SiteCallReader.ReadVerify) ?? new VerifySpec(),
            Approval = ApprovalReader.Read(root, requester),
            Window = root.Object("window", window => WindowReader.Read(window, now)),
            Traffic = root.Object("traffic", TrafficReader.Read),
            Watch = root.Object("watch", TrafficReader.ReadWatch) ?? new WatchSpec(),
            Rollback = root.Object("rollback", TrafficReader.ReadRollback) ?? new RollbackSpec(),
            Probe = root.Object("probe", SiteCallReader.ReadProbe) ?? new ProbeSpec(),
            Notify = root.Objects("notify", maxCount: 20, PeopleReader.ReadNotify),
            Contacts = root.Object("contacts", PeopleReader.ReadContacts),
        };
        DataReader.CheckPlaces(root, spec);
        return spec;
    }

    private static string Site(ObjectReader root)
    {
        var site = root.Text("site", maxLength: 1024);
        if (site is not null && !SiteIdSyntax.IsValid(site))
            root.Fault("site", SpecCodes.NotASite, SiteIdSyntax.Wanted);
        return site ?? "";
    }

    private static string Slot(ObjectReader root)
    {
        var slot = root.Matching("slot", SlotName(), "1 to 59 letters, digits and inner hyphens are wanted.");
        if (!string.Equals(slot, "production", StringComparison.OrdinalIgnoreCase))
            return slot ?? "migration";
        root.Fault("slot", SpecCodes.NotAllowed, "The new version is built up beside production, in a slot of another name.");
        return slot!;
    }

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,57}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SlotName();
}

/// <param name="Spec">Null where there are faults.</param>
public sealed record SpecReading(MigrationSpec? Spec, IReadOnlyList<SpecFault> Faults);
