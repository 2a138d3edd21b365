using System.Text;
using System.Text.Json;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Spec;

public sealed class SpecReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private static SpecReading Read(string text, string requester = "dee@contoso.com") => SpecReader.Read(Specs.Bytes(text), requester, Now);

    [Fact]
    public void The_example_of_the_api_is_accepted_and_reads_as_it_was_written()
    {
        var reading = Read(Specs.Example);

        Assert.Empty(reading.Faults);
        var expected = JsonSerializer.Deserialize<MigrationSpec>(Specs.Example, SpecJson.Options)!;
        Assert.Equal(JsonSerializer.Serialize(expected, SpecJson.Options), JsonSerializer.Serialize(reading.Spec, SpecJson.Options));
    }

    [Fact]
    public void The_least_spec_is_accepted()
    {
        Assert.Empty(Read(Specs.Least).Faults);
    }

    [Theory]
    [InlineData("/surprise", "1", "/surprise", "MIG0006")]
    [InlineData("/a~1b", "1", "/a~01b", "MIG0006")]
    [InlineData("/release/surprise", "1", "/release/surprise", "MIG0006")]
    [InlineData("/data/0/surprise", "1", "/data/0/surprise", "MIG0006")]
    [InlineData("/snapshot/surprise", "1", "/snapshot/surprise", "MIG0006")]
    [InlineData("/writePause/surprise", "1", "/writePause/surprise", "MIG0006")]
    [InlineData("/writePause/on/surprise", "1", "/writePause/on/surprise", "MIG0006")]
    [InlineData("/verify/http/0/surprise", "1", "/verify/http/0/surprise", "MIG0006")]
    [InlineData("/verify/load/surprise", "1", "/verify/load/surprise", "MIG0006")]
    [InlineData("/approval/surprise", "1", "/approval/surprise", "MIG0006")]
    [InlineData("/window/surprise", "1", "/window/surprise", "MIG0006")]
    [InlineData("/window/weekly/0/surprise", "1", "/window/weekly/0/surprise", "MIG0006")]
    [InlineData("/window/freezes/0/surprise", "1", "/window/freezes/0/surprise", "MIG0006")]
    [InlineData("/traffic/steps/1/surprise", "1", "/traffic/steps/1/surprise", "MIG0006")]
    [InlineData("/traffic/gates/0/surprise", "1", "/traffic/gates/0/surprise", "MIG0006")]
    [InlineData("/watch/surprise", "1", "/watch/surprise", "MIG0006")]
    [InlineData("/watch/alerts/surprise", "1", "/watch/alerts/surprise", "MIG0006")]
    [InlineData("/probe/surprise", "1", "/probe/surprise", "MIG0006")]
    [InlineData("/notify/0/surprise", "1", "/notify/0/surprise", "MIG0006")]
    [InlineData("/contacts/surprise", "1", "/contacts/surprise", "MIG0006")]
    public void A_member_that_there_is_not_is_named(string at, string json, string pointer, string code) => Refused(at, json, pointer, code);

    [Theory]
    [InlineData("/id", "7", "/id", "MIG0008")]
    [InlineData("/reason", "null", "/reason", "MIG0008")]
    [InlineData("/release", "[]", "/release", "MIG0008")]
    [InlineData("/release/template", "\"{}\"", "/release/template", "MIG0008")]
    [InlineData("/release/appSettings", "[]", "/release/appSettings", "MIG0008")]
    [InlineData("/release/appSettings/FEATURE_CART", "true", "/release/appSettings/FEATURE_CART", "MIG0008")]
    [InlineData("/release/removeAppSettings/0", "1", "/release/removeAppSettings/0", "MIG0008")]
    [InlineData("/data", "{}", "/data", "MIG0008")]
    [InlineData("/data/0", "\"orders\"", "/data/0", "MIG0008")]
    [InlineData("/data/0/reverse", "\"yes\"", "/data/0/reverse", "MIG0008")]
    [InlineData("/snapshot/retainDays", "\"30\"", "/snapshot/retainDays", "MIG0008")]
    [InlineData("/approval", "false", "/approval", "MIG0008")]
    [InlineData("/watch/duration", "600", "/watch/duration", "MIG0008")]
    [InlineData("/probe/path", "null", "/probe/path", "MIG0008")]
    [InlineData("/probe/rate", "\"5\"", "/probe/rate", "MIG0008")]
    [InlineData("/site", null, "/site", "MIG0009")]
    [InlineData("/release", null, "/release", "MIG0009")]
    [InlineData("/approval", null, "/approval", "MIG0009")]
    [InlineData("/data/0/target", null, "/data/0/target", "MIG0009")]
    [InlineData("/writePause/off", null, "/writePause/off", "MIG0009")]
    [InlineData("/verify/load/rate", null, "/verify/load/rate", "MIG0009")]
    [InlineData("/approval/approvers", null, "/approval/approvers", "MIG0009")]
    [InlineData("/window/weekly/0/days", null, "/window/weekly/0/days", "MIG0009")]
    [InlineData("/watch/alerts", "true", "/watch/alerts", "MIG0008")]
    [InlineData("/watch/alerts/severity", "\"high\"", "/watch/alerts/severity", "MIG0008")]
    [InlineData("/traffic/steps", null, "/traffic/steps", "MIG0009")]
    [InlineData("/watch/alerts/actionGroup", null, "/watch/alerts/actionGroup", "MIG0009")]
    [InlineData("/notify/0/url", null, "/notify/0/url", "MIG0009")]
    public void A_wrong_type_or_a_missing_member_is_named(string at, string? json, string pointer, string code) => Refused(at, json, pointer, code);

    [Theory]
    [InlineData("/id", "\"Shop\"", "/id", "MIG0010")]
    [InlineData("/probe/path", "\"//evil.contoso.com/\"", "/probe/path", "MIG0010")]
    [InlineData("/probe/rate", "-1", "/probe/rate", "MIG0010")]
    [InlineData("/probe/rate", "51", "/probe/rate", "MIG0010")]
    [InlineData("/id", "\"-shop\"", "/id", "MIG0010")]
    [InlineData("/id", "\"shop:sync\"", "/id", "MIG0010")]
    [InlineData("/id", "\"shop\\n\"", "/id", "MIG0010")]
    [InlineData("/id", "\"a123456789012345678901234567890123456789012345678901234567890123\"", "/id", "MIG0010")]
    [InlineData("/mode", "\"Migrate\"", "/mode", "MIG0010")]
    [InlineData("/slot", "\"Production\"", "/slot", "MIG0010")]
    [InlineData("/slot", "\"v2/x\"", "/slot", "MIG0010")]
    [InlineData("/data/0/kind", "\"table\"", "/data/0/kind", "MIG0010")]
    [InlineData("/data/0/maxLag", "\"PT0S\"", "/data/0/maxLag", "MIG0010")]
    [InlineData("/data/0/maxLag", "\"P1M\"", "/data/0/maxLag", "MIG0010")]
    [InlineData("/snapshot/retainDays", "0", "/snapshot/retainDays", "MIG0010")]
    [InlineData("/snapshot/retainDays", "1.5", "/snapshot/retainDays", "MIG0010")]
    [InlineData("/writePause/on/path", "\"//evil.example/x\"", "/writePause/on/path", "MIG0010")]
    [InlineData("/writePause/on/path", "\"read-only\"", "/writePause/on/path", "MIG0010")]
    [InlineData("/writePause/limit", "\"P1D\"", "/writePause/limit", "MIG0010")]
    [InlineData("/verify/http/0/status", "99", "/verify/http/0/status", "MIG0010")]
    [InlineData("/verify/load/errorRate", "1e999", "/verify/load/errorRate", "MIG0010")]
    [InlineData("/approval/approvers", "[]", "/approval/approvers", "MIG0010")]
    [InlineData("/approval", "\"None\"", "/approval", "MIG0010")]
    [InlineData("/approval/quorum", "0", "/approval/quorum", "MIG0010")]
    [InlineData("/approval/escalateAfter", "\"P2D\"", "/approval/escalateAfter", "MIG0010")]
    [InlineData("/window/notBefore", "\"2026-12-01T00:00:00\"", "/window/notBefore", "MIG0010")]
    [InlineData("/traffic/steps/1/percent", "10", "/traffic/steps/1/percent", "MIG0010")]
    [InlineData("/traffic/noData", "\"pass\"", "/traffic/noData", "MIG0010")]
    [InlineData("/traffic/inconclusive", "\"pass\"", "/traffic/inconclusive", "MIG0010")]
    [InlineData("/traffic/failed", "\"goOn\"", "/traffic/failed", "MIG0010")]
    [InlineData("/traffic/holdLimit", "\"PT0S\"", "/traffic/holdLimit", "MIG0010")]
    [InlineData("/traffic/gates/0/metric", "\"cpu\"", "/traffic/gates/0/metric", "MIG0010")]
    [InlineData("/watch/duration", "\"PT0S\"", "/watch/duration", "MIG0010")]
    [InlineData("/watch/alerts/severity", "5", "/watch/alerts/severity", "MIG0010")]
    [InlineData("/watch/alerts/severity", "-1", "/watch/alerts/severity", "MIG0010")]
    [InlineData("/watch/alerts/severity", "1.5", "/watch/alerts/severity", "MIG0010")]
    public void A_value_that_is_not_allowed_is_named(string at, string json, string pointer, string code) => Refused(at, json, pointer, code);

    [Theory]
    [InlineData("/subscriptions/1/resourceGroups/shop/providers/Microsoft.Web/sites/shop")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Web/sites")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Web/sites/shop/slots/v2")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Web/sites/shop/")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/shop")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/../providers/Microsoft.Web/sites/shop")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Web/sites/shop?x=1")]
    [InlineData("https://management.azure.com/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Web/sites/shop")]
    [InlineData("shop")]
    public void What_is_no_resource_id_of_a_site_is_refused(string site) => Refused("/site", JsonSerializer.Serialize(site), "/site", "MIG0011");

    [Theory]
    [InlineData("on-call")]
    [InlineData("/subscriptions/1/resourceGroups/shop/providers/Microsoft.Insights/actionGroups/on-call")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Insights/actionGroups")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Insights/actionGroups/..")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/../providers/Microsoft.Insights/actionGroups/on-call")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Insights/actionGroups/on-call?x=1")]
    [InlineData("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Insights/metricAlerts/on-call")]
    public void What_is_no_resource_id_of_an_action_group_is_refused(string group) =>
        Refused("/watch/alerts/actionGroup", JsonSerializer.Serialize(group), "/watch/alerts/actionGroup", "MIG0010");

    [Fact]
    public void Alerts_without_a_severity_have_the_second()
    {
        Assert.Equal(2, Read(Specs.With("/watch/alerts/severity", null)).Spec!.Watch.Alerts!.Severity);
    }

    [Theory]
    [InlineData("/release/package", "ftp://shop/x.zip")]
    [InlineData("/release/package", "/x.zip")]
    [InlineData("/release/package", "http://shopstore.blob.core.windows.net/x.zip")]
    [InlineData("/release/package", "https://user:pass@shop/x.zip")]
    [InlineData("/release/package", "https://169.254.169.254/metadata")]
    [InlineData("/release/package", "https://[::ffff:169.254.169.254]/metadata")]
    [InlineData("/release/package", "https://[fe80::1]/x.zip")]
    [InlineData("/runbook", "javascript:alert(1)")]
    [InlineData("/data/0/source", "https://shopstore.blob.core.windows.net")]
    [InlineData("/data/0/source", "https://shopstore.blob.core.windows.net/orders/2026/one.json")]
    [InlineData("/data/0/target", "https://shopstore2.blob.core.windows.net/Orders")]
    [InlineData("/data/0/source", "https://shopstore.blob.core.windows.net/orders?sv=1&sig=x")]
    [InlineData("/notify/0/url", "hooks.contoso.com")]
    public void What_is_no_usable_url_is_refused(string at, string url) => Refused(at, JsonSerializer.Serialize(url), at, "MIG0012");

    [Theory]
    [InlineData("http://127.0.0.1:10000/shopstore/orders")]
    [InlineData("http://localhost:10000/shopstore/orders")]
    [InlineData("http://shopstore.localhost:10000/orders")]
    public void Plain_http_is_for_this_machine(string url)
    {
        Assert.Empty(Read(Specs.With("/data/0/source", JsonSerializer.Serialize(url))).Faults);
    }

    [Theory]
    [InlineData("/data/-", """{"name":"Orders","source":"https://a.example/media","target":"https://b.example/media"}""", "/data/1/name", "MIG0013")]
    [InlineData("/data/-", """{"name":"media","source":"https://a.example/media","target":"https://b.example/media","setting":"orders_url"}""", "/data/1/setting", "MIG0013")]
    [InlineData("/data/-", """{"name":"media","source":"https://a.example/media","target":"https://shopstore2.blob.core.windows.net/orders"}""", "/data/1/target", "MIG0013")]
    [InlineData("/data/0/setting", "\"FEATURE_CART\"", "/data/0/setting", "MIG0013")]
    [InlineData("/release/removeAppSettings/0", "\"feature_cart\"", "/release/removeAppSettings/0", "MIG0013")]
    [InlineData("/verify/http/-", """{"name":"home","path":"/x"}""", "/verify/http/1/name", "MIG0013")]
    [InlineData("/approval/approvers/1", "\"ANA@contoso.com\"", "/approval/approvers/1", "MIG0013")]
    [InlineData("/data/0/target", "\"https://SHOPSTORE.blob.core.windows.net:443/orders/\"", "/data/0/target", "MIG0014")]
    [InlineData("/data/-", """{"name":"media","source":"https://shopstore2.blob.core.windows.net/orders","target":"https://b.example/media"}""", "/data/0/target", "MIG0014")]
    [InlineData("/snapshot/container", "\"https://shopstore.blob.core.windows.net/orders\"", "/snapshot/container", "MIG0014")]
    public void What_stands_in_its_own_way_is_refused(string at, string json, string pointer, string code) => Refused(at, json, pointer, code);

    [Theory]
    [InlineData("cho@contoso.com", 3, "/approval/quorum")]
    [InlineData("ANA@contoso.com", 2, "/approval/quorum")]
    public void A_quorum_counts_only_those_who_may_approve(string requester, int quorum, string pointer)
    {
        var fault = Assert.Single(Read(Specs.With("/approval/quorum", $"{quorum}"), requester).Faults);

        Assert.Equal((pointer, "MIG0015"), (fault.Pointer, fault.Code));
    }

    [Theory]
    [InlineData("/window/weekly/0/timeZone", "\"Europe/Atlantis\"", "/window/weekly/0/timeZone", "MIG0016")]
    [InlineData("/window/weekly/0/end", "\"01:00\"", "/window/weekly/0/end", "MIG0016")]
    [InlineData("/window/weekly/0/start", "\"25:00\"", "/window/weekly/0/start", "MIG0016")]
    [InlineData("/window/weekly/0/days/1", "\"Sunday\"", "/window/weekly/0/days/1", "MIG0016")]
    [InlineData("/window/freezes/0/to", "\"2026-12-20T00:00:00Z\"", "/window/freezes/0/to", "MIG0016")]
    [InlineData("/window/freezes/0/to", "\"2028-01-01T00:00:00Z\"", null, null)]
    [InlineData("/window/notBefore", "\"2030-01-01T00:00:00Z\"", "/window", "MIG0017")]
    [InlineData("/window/weekly/0/end", "\"01:04\"", "/window", "MIG0017")]
    [InlineData("/window/freezes/0", """{"from":"2020-01-01T00:00:00Z","to":"2099-01-01T00:00:00Z"}""", "/window", "MIG0017")]
    [InlineData("/traffic/gates/0", """{"metric":"errorRate"}""", "/traffic/gates/0", "MIG0018")]
    [InlineData("/watch/gates/0", """{"metric":"errorRate","max":0.1,"maxRatio":2}""", "/watch/gates/0", "MIG0018")]
    public void A_window_that_cannot_open_and_a_gate_that_says_nothing_are_refused(string at, string json, string? pointer, string? code)
    {
        if (pointer is null)
            Assert.Empty(Read(Specs.With(at, json)).Faults);
        else
            Refused(at, json, pointer, code!);
    }

    [Theory]
    [InlineData("", "MIG0001")]
    [InlineData("{", "MIG0001")]
    [InlineData("{} {}", "MIG0001")]
    [InlineData("""{"id":"\ud800"}""", "MIG0001")]
    [InlineData("""{"\ud800":1}""", "MIG0001")]
    [InlineData("[]", "MIG0008")]
    [InlineData("null", "MIG0008")]
    public void What_is_no_json_object_is_one_fault_of_the_whole(string text, string code)
    {
        var fault = Assert.Single(Read(text).Faults);

        Assert.Equal(("", code), (fault.Pointer, fault.Code));
    }

    [Fact]
    public void Bytes_that_are_no_utf_8_are_refused()
    {
        var bytes = Encoding.Latin1.GetBytes("""{"reason":"é"}""");

        Assert.Equal("MIG0001", Assert.Single(SpecReader.Read(bytes, "dee", Now).Faults).Code);
    }

    [Theory]
    [InlineData(62, null)]
    [InlineData(63, "MIG0003")]
    [InlineData(100_000, "MIG0003")]
    public void Nesting_is_bounded(int levels, string? code)
    {
        // The document, the release and the template are levels of their own.
        var nested = string.Concat(Enumerable.Repeat("[", levels - 1)) + string.Concat(Enumerable.Repeat("]", levels - 1));
        var text = Specs.Least.Replace("\"approval\"", $$"""
            "reason":"deep","approval"
            """).Replace("\"release\":{", $$"""
            "release":{"template":{"resources":{{nested}}},
            """);

        var reading = Read(text);

        Assert.Equal(code, reading.Faults.SingleOrDefault()?.Code);
    }

    [Fact]
    public void A_document_over_one_mebibyte_is_refused()
    {
        Assert.Equal("MIG0002", Assert.Single(Read(Specs.Least + new string(' ', JsonInput.MaxBytes)).Faults).Code);
    }

    [Theory]
    [InlineData("\"slot\": \"v2\"", "\"slot\": \"v2\", \"slot\": \"v3\"", "/slot")]
    [InlineData("\"healthCheckPath\": \"/healthz\"", "\"a\": [{\"b\": 1, \"b\": 2}]", "/release/siteConfig/a/0/b")]
    [InlineData("\"FEATURE_CART\": \"on\"", "\"A\": \"1\", \"A\": \"2\"", "/release/appSettings/A")]
    public void A_member_that_stands_twice_is_named(string text, string twice, string pointer)
    {
        var fault = Assert.Single(Read(Specs.Example.Replace(text, twice)).Faults);

        Assert.Equal((pointer, "MIG0007"), (fault.Pointer, fault.Code));
    }

    [Fact]
    public void Whatever_stands_at_whatever_place_is_answered_and_what_is_accepted_can_be_run()
    {
        string[] strays =
        [
            "null", "true", "0", "-1", "1.5", "1e400", "99999999999999999999", "\"\"", "\" \"", "\"x\"", "\"\\u0000\"", "\"P999999999D\"", "\"9999-12-31T23:59:59-12:00\"",
            "\"0001-01-01T00:00:00+14:00\"", "\"https://[::1\"", "\"https://x/%2e%2e/\"", "\"//\"", "[]", "[[]]", "[null]", "{}", "{\"\":1}", $"\"{new string('a', 70_000)}\"",
        ];

        foreach (var pointer in Specs.Pointers())
        {
            foreach (var stray in strays)
            {
                var reading = Read(Specs.With(pointer, stray));
                Assert.True(reading.Spec is null == reading.Faults.Count > 0, $"{pointer} {stray}");
                Assert.All(reading.Faults, fault => Assert.True(fault.Pointer.Length == 0 || fault.Pointer[0] == '/'));
                if (reading.Spec is { } spec)
                    Assert.NotNull(MigrationInput.From(JsonSerializer.Deserialize<MigrationSpec>(JsonSerializer.Serialize(spec, SpecJson.Options), SpecJson.Options)!, "id", "dee", Now));
            }
        }
    }

    [Fact]
    public void Every_fault_is_found_at_once()
    {
        var reading = Read("""{"id":"No","site":"shop","surprise":1,"release":{"package":"x"},"approval":{"approvers":["dee@contoso.com"]},"watch":{"duration":"soon"}}""");

        Assert.Null(reading.Spec);
        Assert.Equal(
            ["/approval/approvers MIG0015", "/id MIG0010", "/release/package MIG0012", "/site MIG0011", "/surprise MIG0006", "/watch/duration MIG0010"],
            reading.Faults.Select(fault => $"{fault.Pointer} {fault.Code}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Template_parameters_are_put_in_the_shape_that_arm_wants()
    {
        var reading = Read(Specs.With("/release/templateParameters", """{"size":3,"name":{"value":"x"}}"""));

        Assert.Equal("""{"size":{"value":3},"name":{"value":"x"}}""", reading.Spec!.Release.TemplateParameters!.Value.GetRawText());
    }

    private static void Refused(string at, string? json, string pointer, string code)
    {
        var reading = Read(Specs.With(at, json));

        Assert.Null(reading.Spec);
        Assert.Equal($"{pointer} {code}", string.Join(", ", reading.Faults.Select(fault => $"{fault.Pointer} {fault.Code}")));
    }
}
