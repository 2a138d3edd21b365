using System.Text.Json;

namespace Orchestrator.Workflows.Migrations;

internal static class ReleaseReader
{
    // What App Service can hand to a process as one environment variable.
    private const int MaxValueLength = 32_767;

    public static ReleaseSpec Read(ObjectReader release)
    {
        var settings = release.Object("appSettings", Settings) ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var removed = release.Texts("removeAppSettings", maxCount: 500, StringComparer.OrdinalIgnoreCase, objection: name =>
            settings.Keys.Contains(name, StringComparer.OrdinalIgnoreCase) ? (SpecCodes.SaidTwice, "The setting is set and removed at once.") : null);

        var template = release.Free("template");
        if (release.Has("templateParameters") && !release.Has("template"))
            release.Fault("templateParameters", SpecCodes.NotAllowed, "There is no template that takes parameters.");
        return new ReleaseSpec
        {
            Package = SpecUrl.Read(release, "package"),
            AppSettings = settings,
            RemoveAppSettings = removed,
            SiteConfig = release.Free("siteConfig"),
            Template = template,
            TemplateParameters = release.Free("templateParameters") is { } parameters ? InArmShape(parameters) : null,
        };
    }

    private static Dictionary<string, string> Settings(ObjectReader settings)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in settings.Members)
        {
            settings.Any(name);
            if (name.Length is 0 or > 256 || name.Any(character => character is '=' || char.IsControl(character) || char.IsWhiteSpace(character)))
                settings.Fault(name, SpecCodes.NotAllowed, "A setting's name has 1 to 256 characters, none of them a space, a control character or '='.");
            else if (value.ValueKind != JsonValueKind.String)
                settings.Fault(name, SpecCodes.WrongType, "Text is wanted.");
            else if (value.GetString()!.Length > MaxValueLength || value.GetString()!.Contains('\0'))
                settings.Fault(name, SpecCodes.NotAllowed, $"Text of up to {MaxValueLength} characters without NUL is wanted.");
            else if (values.Keys.Contains(name, StringComparer.OrdinalIgnoreCase))
                settings.Fault(name, SpecCodes.SaidTwice, "The setting stands here twice; case does not tell settings apart.");
            else
                values.Add(name, value.GetString()!);
        }

        return values;
    }

    // Both {"size": {"value": 3}}, as ARM has it, and {"size": 3} are understood.
    private static JsonElement InArmShape(JsonElement parameters) => JsonSerializer.SerializeToElement(
        parameters.EnumerateObject().ToDictionary(
            parameter => parameter.Name,
            object (parameter) => IsArmShape(parameter.Value) ? parameter.Value : new { value = parameter.Value }));

    private static bool IsArmShape(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Select(member => member.Name).ToList() is ["value"] or ["reference"];
}
