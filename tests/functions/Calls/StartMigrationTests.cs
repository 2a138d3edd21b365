using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class StartMigrationTests(EdgeWorld world)
{
    [Fact]
    public async Task A_start_is_accepted_with_the_run_and_where_it_is()
    {
        var reply = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("accepted"));

        Assert.Equal(202, reply.Status);
        Assert.Equal("/api/migrations/accepted", reply.Header("Location"));
        Assert.Equal("2", reply.Header("Retry-After"));
        Assert.Equal(("accepted", "migrate", Specs.Site, "dee@contoso.com", "1.0"), (reply.Text("id"), reply.Text("mode"), reply.Text("site"), reply.Text("requestedBy"), reply.Text("version")));
        Assert.DoesNotContain("null", reply.Body);
        var run = await world.GetAsync(reply.Header("Location")!, People.Reader);
        Assert.Equal((200, "accepted"), (run.Status, run.Text("id")));
    }

    [Fact]
    public async Task The_spec_is_kept_and_the_orchestrator_gets_what_it_decides_on()
    {
        await world.StartRunAsync("kept", Specs.Example.Replace("shop-v2\",", "kept\","));

        var spec = await new RunDocuments(world.Documents).ReadSpecAsync("kept", default);
        var instance = await world.Client.GetInstanceAsync("kept", getInputsAndOutputs: true);

        Assert.Equal("https://shopstore.blob.core.windows.net/releases/shop-v2.zip", spec.Release.Package);
        Assert.Equal(MigrationInput.Orchestrator, instance!.Name);
        Assert.Equal(["ana@contoso.com", "ben@contoso.com"], instance.ReadInputAs<MigrationInput>()!.Outline.Approval!.Approvers);
    }

    [Fact]
    public async Task Faults_are_answered_all_at_once_and_nothing_is_started()
    {
        var before = world.Documents.Paths;
        var spec = """{"id":"faulty","site":"/subscriptions/1","release":{"pakage":"x"},"approval":"none","window":{"notBefore":"2099-01-01T00:00:00Z"}}""";

        var reply = await world.PostAsync("/api/migrations", People.Starter, spec, ("Idempotency-Key", "faulty-1"));

        Assert.Equal((400, "MIG0005", "MIG0005"), (reply.Status, reply.Code, reply.Header("x-ms-error-code")));
        Assert.Equal("application/problem+json", reply.Header("Content-Type"));
        Assert.Equal("/docs/errors/MIG0005.md", reply.Text("type"));
        Assert.Equal("/api/migrations", reply.Text("instance"));
        Assert.Equal(
            ["/release/pakage MIG0006", "/site MIG0011", "/window MIG0017"],
            reply.Json.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("pointer")} {error.GetProperty("code")}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(world.Documents.Paths.Except(before), path => path.Contains("faulty"));
        Assert.Null(await world.Client.GetInstanceAsync("faulty"));
    }

    [Theory]
    [InlineData("{", 400, "MIG0001")]
    [InlineData("", 400, "MIG0001")]
    [InlineData("[1]", 400, "MIG0005")]
    [InlineData("""{"reason":"\udead"}""", 400, "MIG0001")]
    public async Task A_body_that_is_no_object_is_refused(string body, int status, string code)
    {
        var reply = await world.PostAsync("/api/migrations", People.Starter, body);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal("", reply.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_body_too_large_or_too_deep_is_refused()
    {
        var large = await world.PostAsync("/api/migrations", People.Starter, Specs.Least + new string(' ', JsonInput.MaxBytes));
        var chunked = await world.SendAsync(HttpMethod.Post, "/api/migrations", People.Starter, new Chunked(Specs.Least + new string(' ', JsonInput.MaxBytes)));
        var deep = await world.PostAsync("/api/migrations", People.Starter, $$"""{"site":{{new string('[', 5000)}}{{new string(']', 5000)}}}""");

        Assert.Equal((413, "MIG0002"), (large.Status, large.Code));
        Assert.Equal((413, "MIG0002"), (chunked.Status, chunked.Code));
        Assert.Equal((400, "MIG0003"), (deep.Status, deep.Code));
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData(null, null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json", "gzip")]
    public async Task A_body_that_is_not_sent_as_json_is_refused(string? type, string? encoding)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Specs.Least));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);

        var reply = await world.SendAsync(HttpMethod.Post, "/api/migrations", People.Starter, content);

        Assert.Equal((415, "MIG0004"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task An_id_is_used_once()
    {
        await world.StartRunAsync("once");

        var same = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("once"));
        var other = await world.PostAsync("/api/migrations", EdgeWorld.Token("eve@contoso.com", Roles.Start), Specs.LeastOf("once"));
        var keyed = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("once"), ("Idempotency-Key", "once-1"));
        var again = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("once"), ("Idempotency-Key", "once-1"));

        Assert.All([same, other, keyed, again], reply => Assert.Equal((409, "MIG0027"), (reply.Status, reply.Code)));
    }

    [Fact]
    public async Task An_id_is_not_used_again_when_its_run_has_ended()
    {
        await world.StartRunAsync("ended-id");
        await world.SayAsync("ended-id", new RunState(RunStatus.Succeeded, [], null, null, null, null, DateTimeOffset.UnixEpoch));
        await world.Client.WaitForInstanceCompletionAsync("ended-id");

        var reply = await world.PostAsync("/api/migrations", People.Starter, Specs.LeastOf("ended-id"));

        Assert.Equal((409, "MIG0027"), (reply.Status, reply.Code));
        Assert.Equal("succeeded", (await world.GetAsync("/api/migrations/ended-id", People.Reader)).Text("status"));
    }

    [Fact]
    public async Task A_repeated_key_gives_the_same_run_however_many_ask_at_once()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.PostAsync("/api/migrations", People.Starter, Specs.Least, ("Idempotency-Key", "same-key"))));
        var later = await world.PostAsync("/api/migrations", People.Starter, Specs.Least, ("Idempotency-Key", "same-key"));

        Assert.All(replies.Append(later), reply => Assert.Equal(202, reply.Status));
        Assert.Single(replies.Append(later).Select(reply => reply.Text("id")).Distinct());
    }

    [Fact]
    public async Task A_key_stands_for_one_body_of_one_caller()
    {
        var first = await world.PostAsync("/api/migrations", People.Starter, Specs.Least, ("Idempotency-Key", "one-body"));

        var otherBody = await world.PostAsync("/api/migrations", People.Starter, Specs.Least + " ", ("Idempotency-Key", "one-body"));
        var otherCaller = await world.PostAsync("/api/migrations", EdgeWorld.Token("eve@contoso.com", Roles.Start), Specs.Least, ("Idempotency-Key", "one-body"));

        Assert.Equal((422, "MIG0028"), (otherBody.Status, otherBody.Code));
        Assert.Equal(202, otherCaller.Status);
        Assert.NotEqual(first.Text("id"), otherCaller.Text("id"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        var reply = await world.PostAsync("/api/migrations", People.Starter, Specs.Least, ("Idempotency-Key", key));

        Assert.Equal((400, "MIG0033"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("broke-after-key", true, false, false)]
    [InlineData("broke-after-id", true, true, false)]
    [InlineData("broke-after-spec", true, true, true)]
    [InlineData("broke-without-key", false, true, true)]
    public async Task A_start_that_broke_off_is_finished_by_its_repetition(string id, bool hasKey, bool tookId, bool storedSpec)
    {
        var documents = new RunDocuments(world.Documents);
        var body = Specs.LeastOf(id);
        var hash = KeyRecord.Hash(Encoding.UTF8.GetBytes(body));
        var keyHash = hasKey ? KeyRecord.HashOf("dee@contoso.com", id) : null;
        if (keyHash is not null)
            await documents.CreateAsync(KeyRecord.Path(keyHash), new KeyRecord(id, hash), default);
        if (tookId)
            await documents.CreateAsync(StartRecord.Path(id), new StartRecord(id, "dee@contoso.com", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), hash, keyHash), default);
        if (storedSpec)
            await documents.CreateAsync(RunPaths.Spec(id), JsonSerializer.Deserialize<MigrationSpec>(body, SpecJson.Options), default);

        var reply = await world.PostAsync("/api/migrations", People.Starter, body, hasKey ? [("Idempotency-Key", id)] : []);

        Assert.Equal((202, id), (reply.Status, reply.Text("id")));
        var instance = await world.Client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true);
        Assert.Equal(tookId, instance.ReadInputAs<MigrationInput>()!.RequestedAt.Year == 2026 && instance.ReadInputAs<MigrationInput>()!.RequestedAt.Month == 1);
    }

    private sealed class Chunked(string text) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            Headers.ContentType ??= new MediaTypeHeaderValue("application/json");
            return stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            Headers.ContentType ??= new MediaTypeHeaderValue("application/json");
            length = 0;
            return false;
        }
    }
}
