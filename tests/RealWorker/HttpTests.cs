using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Building;
using Orchestrator.RealWorker.World;

namespace Orchestrator.RealWorker;

[Collection(RealAppCollection.Name)]
public sealed class HttpTests(RealApp app)
{
    [Fact]
    public async Task It_says_that_it_lives()
    {
        var (response, body) = await app.Running.CallAsync(HttpMethod.Get, "/api/healthz");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.StartsWith("""{"status":"live","version":""", body, StringComparison.Ordinal);
        Assert.Empty(app.Running.Host.Errors);
    }

    [Fact]
    public async Task It_is_ready_with_the_runs_store_and_the_blobs_within_reach()
    {
        var (response, body) = await app.Running.CallAsync(HttpMethod.Get, "/api/readyz");

        Assert.Equal((200, """{"status":"ready"}"""), ((int)response.StatusCode, body));
        Assert.Empty(app.Running.Host.Errors);
    }

    [Fact]
    public async Task It_serves_the_description_of_its_API()
    {
        var (response, body) = await app.Running.CallAsync(HttpMethod.Get, "/api/openapi.yaml");

        Assert.Equal((200, "application/yaml"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal(await File.ReadAllTextAsync(Repository.Find().At("functions", "openapi.yaml")), body);
    }

    [Theory]
    [InlineData("/api/migrations")]
    [InlineData("/api/migrations/shop-v2")]
    [InlineData("/api/approvals")]
    public async Task Nobody_reads_anything_without_a_token(string path)
    {
        var (response, body) = await app.Running.CallAsync(HttpMethod.Get, path);

        Assert.Equal((401, "Bearer", 401), ((int)response.StatusCode, response.Headers.WwwAuthenticate.ToString(), Problem(response, body).Status));
        Assert.Empty(app.Running.Host.Errors);
    }

    [Fact]
    public async Task Who_lacks_the_role_is_told_which()
    {
        var (response, body) = await app.Running.CallAsync(HttpMethod.Post, "/api/migrations", Tokens.Eve, new JsonObject());

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Contains("Migrations.Start", Problem(response, body).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_spec_is_answered_with_every_fault_and_where_it_is()
    {
        var (response, body) = await app.Running.CallAsync(HttpMethod.Post, "/api/migrations", Tokens.Dee, new JsonObject { ["site"] = 1, ["sight"] = "/subscriptions" });

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Superset(new HashSet<string> { "/site", "/sight", "/release" }, Problem(response, body).Pointers);
        Assert.Empty(app.Running.Host.Errors);
    }

    [Fact]
    public async Task What_is_no_object_is_refused()
    {
        var (response, body) = await app.Running.CallAsync(HttpMethod.Post, "/api/migrations", Tokens.Dee, new JsonArray());

        Assert.Equal((int)response.StatusCode, Problem(response, body).Status);
        Assert.InRange((int)response.StatusCode, 400, 422);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_not_found()
    {
        var (response, body) = await app.Running.CallAsync(HttpMethod.Get, "/api/migrations/nobody-started-it", Tokens.Eve);

        Assert.Equal((404, 404), ((int)response.StatusCode, Problem(response, body).Status));
        Assert.Empty(app.Running.Host.Errors);
    }

    private static (int Status, string Detail, HashSet<string> Pointers) Problem(HttpResponseMessage response, string body)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        return (
            problem.GetProperty("status").GetInt32(),
            problem.GetProperty("detail").GetString()!,
            problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array ? [.. errors.EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()!)] : []);
    }
}
