using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

/// <summary>The parts of a spec that say who is told.</summary>
internal static partial class PeopleReader
{
    public static NotifySpec ReadNotify(ObjectReader notify)
    {
        notify.Requires("url");
        return new NotifySpec
        {
            Url = SpecUrl.Read(notify, "url") ?? "",
            Events = notify.Has("events") ? notify.Texts("events", maxCount: 50, StringComparer.Ordinal) : Everything(notify),
            SecretName = notify.Matching("secretName", SecretName(), "The name of a secret has 1 to 127 letters, digits and hyphens."),
        };
    }

    public static ContactsSpec ReadContacts(ObjectReader contacts) => new()
    {
        Support = contacts.Text("support", maxLength: 1000),
        Owner = contacts.Text("owner"),
    };

    private static IReadOnlyList<string> Everything(ObjectReader notify)
    {
        notify.Any("events");
        return ["*"];
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();
}
