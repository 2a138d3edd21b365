using System.Text.RegularExpressions;
using Orchestrator.Infra.Tests.Bicep;

namespace Orchestrator.Infra.Tests;

public sealed partial class SettingsTests
{
    private const string Module = "infra/modules/function-app.bicep";
    private const string Document = "docs/azure.md";

    // What an installation could have there; the names come from the template.
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["State__Container"] = "https://migratestore.blob.core.windows.net/state",
        ["State__AuditContainer"] = "https://migratestore.blob.core.windows.net/audit",
        ["Auth__Authority"] = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0",
        ["Auth__Audience"] = "00000000-0000-0000-0000-000000000002",
        ["Snapshots__LockRetention"] = "false",
        ["Retention__Runs"] = "90.00:00:00",
        ["Notifications__Secrets__<name>"] = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
    };

    [Fact]
    public void Every_setting_that_Bicep_sets_is_read_by_the_app_or_by_its_host()
    {
        var unread = Set().Keys.Where(name => AppSettings.Find(name) is null && !HostSettings.Reviewed.ContainsKey(name));

        Assert.Empty(unread);
        Assert.Empty(HostSettings.Reviewed.Keys.Except(Set().Keys));
    }

    [Fact]
    public void With_what_Bicep_sets_the_app_starts()
    {
        var settings = OfTheApp();

        Assert.Empty(AppSettings.Faults(settings));
    }

    [Fact]
    public void Without_a_required_setting_the_app_does_not_start_so_that_leaving_one_out_is_seen()
    {
        string[] required = ["State__Container", "Auth__Authority", "Auth__Audience"];

        Assert.All(required, name => Assert.NotEmpty(AppSettings.Faults(OfTheApp().Where(s => s.Key != name).ToDictionary())));
    }

    [Fact]
    public void No_setting_is_a_key_or_a_password()
    {
        Assert.DoesNotContain("Auth__SigningKey", Set().Keys);
        Assert.DoesNotContain(Set().Keys, name => name.EndsWith("__Key", StringComparison.Ordinal) || name == "Azure__StaticToken");
        Assert.DoesNotContain("listKeys", string.Concat(Templates.All.Select(file => file.Text)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_variable_of_settings_reaches_the_app()
    {
        var file = Templates.Of(Module);
        var settings = file.Resources.Single(r => r.Type.StartsWith("Microsoft.Web/sites/config@", StringComparison.Ordinal)).Body;

        Assert.Equal($"union({string.Join(", ", Variables(file).Select(v => v.Name))})", Regex.Match(settings, @"properties: (.+)").Groups[1].Value);
    }

    [Fact]
    public void The_table_of_settings_in_the_document_is_current()
    {
        var document = Repository.Read(Document);
        var current = Between().Replace(document, match => $"{match.Groups["from"].Value}\n{Table()}\n{match.Groups["to"].Value}");
        Assert.Matches(Between(), document);

        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_APPROVE") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, Document), current);
        else
            Assert.Equal(current, document);
    }

    private static Dictionary<string, string?> OfTheApp() =>
        Set().Keys.Where(name => AppSettings.Find(name) is not null)
            .ToDictionary(name => name.Replace("<name>", "hook", StringComparison.Ordinal), name => (string?)Examples[name]);

    // The setting and the variable it stands in.
    private static Dictionary<string, string> Set() =>
        Variables(Templates.Of(Module)).SelectMany(v => Names(v).Select(name => (Name: name, Variable: v.Name))).ToDictionary(s => s.Name, s => s.Variable);

    private static IEnumerable<BicepVariable> Variables(BicepFile file) => file.Variables.Where(v => v.Name.EndsWith("Settings", StringComparison.Ordinal));

    private static IEnumerable<string> Names(BicepVariable variable)
    {
        var made = MadeName().Matches(variable.Value).Select(m => $"{m.Groups["prefix"].Value}<name>").ToList();
        if (made.Count > 0)
            return made;
        var opens = variable.Value.IndexOf("{\n", StringComparison.Ordinal);
        var names = opens < 0 ? [] : BicepReader.Members(variable.Value, opens);
        return names.Count > 0 ? names : throw new FormatException($"No setting found in {variable.Name}.");
    }

    private static string Table()
    {
        var rows = AppSettings.All.Select(s => Row(s.Name, Reader(s), IsRequired(s.Name) ? $"{s.Default}, required" : s.Default))
            .Concat(HostSettings.Reviewed.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Row(s.Key, s.Value.Reader, s.Value.Default)));
        return $"| setting | where Bicep sets it | where it is read | default |\n|---|---|---|---|\n{string.Join('\n', rows)}";
    }

    private static bool IsRequired(string name) =>
        OfTheApp() is var settings && settings.Remove(name) && AppSettings.Faults(settings).Count > 0;

    private static string Row(string name, string reader, string otherwise)
    {
        var variable = Set().GetValueOrDefault(name);
        return $"| `{name}` | {(variable is null ? "not set" : $"`function-app.bicep`, `{variable}`")} | {reader} | {otherwise} |";
    }

    private static string Reader(AppSetting setting)
    {
        var declaration = $"public sealed class {setting.Options.Name}";
        var file = Repository.Files("workflows", "*Options.cs").Concat(Repository.Files("functions", "*Options.cs"))
            .Single(path => Regex.IsMatch(Repository.Read(path), $@"{declaration}\b"));
        return $"[{setting.Options.Name}.{setting.Property}](../{file})";
    }

    [GeneratedRegex(@"'(?<prefix>\w+__)\$\{")]
    private static partial Regex MadeName();

    [GeneratedRegex(@"(?<from><!-- settings -->)\n.*?(?<to><!-- /settings -->)", RegexOptions.Singleline)]
    private static partial Regex Between();
}
