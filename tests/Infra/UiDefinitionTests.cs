using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Infra.Tests.Bicep;

namespace Orchestrator.Infra.Tests;

/// <summary>The form that the portal shows, against the template that it fills in.</summary>
public sealed partial class UiDefinitionTests
{
    // Left to the command line: what hardly anybody needs at a first installation.
    private static readonly string[] NotAsked = ["auditRetentionDays", "otlpEndpoint", "otlpHeadersSecret", "runRetentionDays", "runbooks", "tags", "tenantId", "webhookSecrets"];

    private static readonly JsonNode Form = JsonNode.Parse(Repository.Read("infra/createUiDefinition.json"))!["parameters"]!;
    private static readonly IReadOnlyList<BicepParameter> Parameters = Templates.Of("infra/main.bicep").Parameters;

    private static IEnumerable<string> Names => Parameters.Select(p => p.Name).Except(NotAsked);

    public static TheoryData<string> Asked => [.. Names];

    [Fact]
    public void The_form_gives_every_parameter_but_those_that_are_left_to_the_command_line_and_no_other()
    {
        Assert.Equal(Names.Order(StringComparer.Ordinal), Outputs().Keys.Order(StringComparer.Ordinal));
        Assert.Empty(Parameters.Where(p => p.IsRequired).Select(p => p.Name).Intersect(NotAsked));
    }

    [Theory, MemberData(nameof(Asked))]
    public void A_value_of_the_form_has_the_type_of_its_parameter(string name)
    {
        var output = Outputs()[name];
        var controls = Used(name);
        var fits = Parameter(name).Type.TrimEnd('?') switch
        {
            "int" => output.StartsWith("[int(", StringComparison.Ordinal) && controls.All(c => Kind(c) == "Microsoft.Common.Slider"),
            "bool" => controls.All(c => Kind(c) == "Microsoft.Common.CheckBox"),
            "string[]" => output.Contains("parse('[]')", StringComparison.Ordinal) && controls.All(c => IsMultiple(c) || output.Contains(", split(", StringComparison.Ordinal)),
            "string" => controls.All(c => Kind(c) is "Microsoft.Common.TextBox" or "Microsoft.Common.DropDown" && !IsMultiple(c)),
            var other => throw new InvalidOperationException($"No control for {other}."),
        };

        Assert.True(fits, $"{name}: {output}");
        Assert.True(controls.Count > 0 || output == "[location()]", output);
    }

    [Theory, MemberData(nameof(Asked))]
    public void The_form_takes_what_the_template_takes_and_nothing_else(string name)
    {
        var parameter = Parameter(name);
        foreach (var control in Used(name))
        {
            if (parameter.Decoration("allowed") is { } allowed)
                Assert.Equal(Quoted().Matches(allowed).Select(m => m.Groups[1].Value).Order(), Choices(control).Select(c => c.Value).Order());
            if (parameter.Type == "int")
                Assert.Equal((parameter.Decoration("minValue"), parameter.Decoration("maxValue")), (control["min"]!.ToString(), control["max"]!.ToString()));
            if (parameter.Decoration("minLength") is { } least && parameter.Decoration("maxLength") is { } most)
            {
                var regex = new Regex(control["constraints"]!["regex"]!.GetValue<string>());
                var (shortest, longest) = (int.Parse(least, CultureInfo.InvariantCulture), int.Parse(most, CultureInfo.InvariantCulture));
                Assert.Equal([false, true, true, false], new[] { shortest - 1, shortest, longest, longest + 1 }.Select(n => regex.IsMatch(new string('a', n))));
            }

            if (parameter.IsRequired)
                Assert.True(control["constraints"]!["required"]!.GetValue<bool>());
        }
    }

    [Theory, MemberData(nameof(Asked))]
    public void Who_changes_nothing_in_the_form_gets_the_template_s_own_default(string name)
    {
        if (Parameter(name).Default is not { } stated || name == "location")
            return;

        foreach (var control in Used(name))
        {
            var shown = control["defaultValue"]?.ToString();
            var value = Kind(control) == "Microsoft.Common.DropDown" && shown is not null ? Choices(control).Single(c => c.Label == shown).Value : shown;
            Assert.Equal(stated.Trim('\''), value ?? "[]", ignoreCase: Parameter(name).Type == "bool");
            // Of a control that is not shown.
            Assert.DoesNotMatch($@"\[if\(empty\([^,]+\), '(?!{Regex.Escape(stated.Trim('\''))}')", Outputs()[name]);
        }
    }

    [Fact]
    public void Every_control_says_what_it_is_and_is_used()
    {
        var controls = Controls();
        var text = Form.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        Assert.All(controls.Where(c => Kind(c.Control) is not ("Microsoft.Common.InfoBox" or "Microsoft.Solutions.ArmApiControl")), control =>
        {
            Assert.True(control.Control["label"]?.GetValue<string>().Length > 2, control.Name);
            Assert.True(control.Control["toolTip"]?.GetValue<string>().Length > 10, control.Name);
            Assert.NotNull(control.Control["visible"]);
        });
        Assert.Equal(controls.Count, controls.Select(c => c.Name).Distinct().Count());
        Assert.Empty(controls.Where(c => Kind(c.Control) != "Microsoft.Common.InfoBox" && !text.Contains(c.Name, StringComparison.Ordinal)).Select(c => c.Name));
        Assert.Empty(References(text).Except(controls.Select(c => c.Name)));
    }

    [Fact]
    public void A_list_of_what_is_there_is_not_shown_where_nothing_is_there_because_a_list_needs_an_item() =>
        Assert.All(Controls().Where(c => IsMultiple(c.Control)), c =>
        {
            var source = References(c.Control["constraints"]!["allowedValues"]!.GetValue<string>()).Single();
            Assert.Equal($"[not(empty({source}.value))]", c.Control["visible"]!.GetValue<string>());
        });

    private static BicepParameter Parameter(string name) => Parameters.Single(p => p.Name == name);

    private static Dictionary<string, string> Outputs() => Form["outputs"]!.AsObject().ToDictionary(o => o.Key, o => o.Value!.GetValue<string>());

    // The controls whose value an output is; one that it only asks about is none.
    private static List<JsonNode> Used(string name)
    {
        var values = Condition().Replace(Outputs()[name], "");
        return [.. References(values).Distinct().Select(reference => Controls().Single(c => c.Name == reference).Control)];
    }

    private static List<(string Name, JsonNode Control)> Controls() =>
    [
        .. Form["basics"]!.AsArray().Select(control => ($"basics('{control!["name"]}')", control)),
        .. Form["steps"]!.AsArray().SelectMany(step => step!["elements"]!.AsArray().Select(control => ($"steps('{step["name"]}').{control!["name"]}", control))),
    ];

    private static IEnumerable<string> References(string expression) => Reference().Matches(expression).Select(m => m.Value);

    private static IEnumerable<(string Label, string Value)> Choices(JsonNode control) =>
        control["constraints"]!["allowedValues"]!.AsArray().Select(choice => (choice!["label"]!.GetValue<string>(), choice["value"]!.GetValue<string>()));

    private static string Kind(JsonNode control) => control["type"]!.GetValue<string>();

    private static bool IsMultiple(JsonNode control) => control["multiselect"]?.GetValue<bool>() == true;

    [GeneratedRegex(@"(?:basics\('\w+'\)|steps\('\w+'\)\.\w+)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"equals\(steps\('\w+'\)\.\w+, '\w+'\)")]
    private static partial Regex Condition();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
