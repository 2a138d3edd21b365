using System.Reflection;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.IdentityModel.Tokens;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Tests.World;

namespace Orchestrator.Functions.Tests.Identity;

[Collection(EdgeCollection.Name)]
public sealed class IdentityTests(EdgeWorld world)
{
    private static readonly string[] Open = ["healthz", "readyz", "openapi.yaml"];

    public static TheoryData<string, string> Guarded()
    {
        var data = new TheoryData<string, string>();
        foreach (var (_, trigger) in EdgeWorld.Calls.Where(call => !Open.Contains(call.Trigger.Route)))
        {
            foreach (var method in trigger.Methods!)
                data.Add(method, $"/api/{trigger.Route!.Replace("{id}", "some").Replace("{approvalId}", "some.1").Replace("{decisionId}", "some.d1")}");
        }

        return data;
    }

    [Theory, MemberData(nameof(Guarded))]
    public async Task Every_call_wants_an_identity_and_its_role(string method, string path)
    {
        var nobody = await world.SendAsync(new HttpMethod(method), path, token: null, content: null);
        var roleless = await world.SendAsync(new HttpMethod(method), path, EdgeWorld.Token("eve@contoso.com", "Migrations.Other"), content: null);

        Assert.Equal((401, "MIG0020", "Bearer"), (nobody.Status, nobody.Code, nobody.Header("WWW-Authenticate")));
        Assert.Equal((403, "MIG0021"), (roleless.Status, roleless.Code));
        Assert.Contains("Migrations.", roleless.Text("detail"));
    }

    [Fact]
    public void Nothing_but_health_and_the_description_is_open_and_no_call_takes_a_function_key()
    {
        Assert.Equal(Open.Order(), EdgeWorld.Calls.Select(call => call.Trigger.Route!).Where(route => Open.Contains(route)).Order());
        Assert.Equal(15, Guarded().Count);
        Assert.All(EdgeWorld.Calls, call => Assert.Equal(AuthorizationLevel.Anonymous, call.Trigger.AuthLevel));
    }

    [Theory]
    [InlineData("healthz", "live")]
    [InlineData("readyz", "ready")]
    public async Task Health_needs_no_identity(string path, string status)
    {
        var reply = await world.SendAsync(HttpMethod.Get, $"/api/{path}", token: null, content: null);

        Assert.Equal((200, status), (reply.Status, reply.Text("status")));
    }

    [Fact]
    public async Task Who_answers_says_of_which_build_it_is()
    {
        var built = typeof(Roles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        var reply = await world.SendAsync(HttpMethod.Get, "/api/healthz", token: null, content: null);

        Assert.Equal(built, reply.Text("version"));
        // Without the commit after it: a pipeline compares it with what it told the build.
        Assert.DoesNotContain("+", built);
    }

    [Fact]
    public async Task Not_ready_is_a_problem_of_its_own_and_tells_no_details()
    {
        await using var own = new OwnWorld();
        var broken = await own.StartAsync();
        broken.Documents.Broken = new InvalidOperationException("account key");

        var ready = await broken.SendAsync(HttpMethod.Get, "/api/readyz", token: null, content: null);
        var live = await broken.SendAsync(HttpMethod.Get, "/api/healthz", token: null, content: null);
        var start = await broken.PostAsync("/api/migrations", People.Starter, Specs.Least);
        broken.Documents.Broken = new AggregateException(new Azure.RequestFailedException("connection refused with key"));
        var later = await broken.PostAsync("/api/migrations", People.Starter, Specs.Least);

        Assert.Equal((503, "MIG0041"), (ready.Status, ready.Code));
        Assert.Equal((503, "MIG0041", "5"), (later.Status, later.Code, later.Header("Retry-After")));
        Assert.Equal(200, live.Status);
        Assert.Equal((500, "MIG0040"), (start.Status, start.Code));
        Assert.DoesNotContain("key", ready.Body + start.Body + later.Body);
    }

    [Fact]
    public async Task A_token_that_is_not_ours_is_not_believed()
    {
        var good = EdgeWorld.Token("rob@contoso.com", Roles.Read);
        var parts = good.Split('.');
        string[] roles = [Roles.Read];
        byte[] otherKey = [.. EdgeWorld.Key.Reverse()];
        byte[] longKey = [.. EdgeWorld.Key, .. EdgeWorld.Key];
        var unsigned = $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";
        var tokens = new Dictionary<string, string>
        {
            ["another key"] = EdgeWorld.Token("rob@contoso.com", roles, otherKey),
            ["another issuer"] = EdgeWorld.Token("rob@contoso.com", roles, EdgeWorld.Key, issuer: "https://elsewhere.localhost"),
            ["another audience"] = EdgeWorld.Token("rob@contoso.com", roles, EdgeWorld.Key, audience: "elsewhere"),
            ["expired"] = EdgeWorld.Token("rob@contoso.com", roles, EdgeWorld.Key, expiresIn: TimeSpan.FromMinutes(-2)),
            ["another algorithm"] = EdgeWorld.Token("rob@contoso.com", roles, longKey, algorithm: SecurityAlgorithms.HmacSha512),
            ["nobody"] = EdgeWorld.Token(person: null, roles, EdgeWorld.Key),
            ["unsigned"] = unsigned,
            ["changed"] = $"{parts[0]}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[1])).Replace("rob", "ana"))}.{parts[2]}",
            ["five parts"] = $"{good}.{parts[1]}.{parts[2]}",
            ["no token"] = "abc",
            ["empty parts"] = "..",
            ["no base64"] = "!.!.!",
            ["huge"] = good + new string('a', 20_000),
        };

        foreach (var (why, token) in tokens)
        {
            var reply = await world.GetAsync("/api/migrations", token);
            Assert.True(reply.Status == 401, $"{why}: {reply.Status}");
            Assert.Equal("Bearer error=\"invalid_token\"", reply.Header("WWW-Authenticate"));
        }

        Assert.Equal(200, (await world.GetAsync("/api/migrations", good)).Status);
    }

    [Theory]
    [InlineData("Basic cm9iOnJvYg==")]
    [InlineData("Bearer")]
    public async Task Another_scheme_is_no_identity(string header)
    {
        var reply = await world.SendAsync(HttpMethod.Get, "/api/migrations", token: null, content: null, ("Authorization", header));

        Assert.Equal(401, reply.Status);
    }

    [Theory]
    [InlineData(null, null, null, null, "Auth__SigningKey")]
    [InlineData("c2hvcnQ=", "i", "a", null, "Auth__SigningKey")]
    [InlineData("not base64", "i", "a", null, "Auth__SigningKey")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", null, "a", null, "Auth__Issuer")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "i", null, null, "Auth__Audience")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "i", "a", "https://login.microsoftonline.com/t/v2.0", "Auth__SigningKey")]
    [InlineData(null, null, "a", "http://login.microsoftonline.com/t/v2.0", "Auth__Authority")]
    [InlineData(null, null, "a", "https://login.microsoftonline.com/common/v2.0", "Auth__Authority")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "i", "a", null, null)]
    [InlineData(null, null, "a", "https://login.microsoftonline.com/t/v2.0", null)]
    public void A_setting_that_would_believe_too_much_stops_the_start_with_its_name(string? key, string? issuer, string? audience, string? authority, string? named)
    {
        var result = new AuthOptionsValidator().Validate(null, new AuthOptions { SigningKey = key, Issuer = issuer, Audience = audience, Authority = authority });

        Assert.Equal(named is not null, result.Failed);
        if (named is not null)
            Assert.StartsWith(named, result.Failures!.First());
    }

    /// <summary>A host of the test's own, for what would disturb the others.</summary>
    private sealed class OwnWorld : IAsyncDisposable
    {
        private readonly EdgeWorld _world = new();

        public async Task<EdgeWorld> StartAsync()
        {
            await _world.InitializeAsync();
            return _world;
        }

        public async ValueTask DisposeAsync() => await _world.DisposeAsync();
    }
}
