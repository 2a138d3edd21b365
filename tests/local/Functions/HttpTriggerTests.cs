using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class HttpTriggerTests : IAsyncLifetime
{
    private TestApp app = null!;

    private Gate Gate => app.Services.GetRequiredService<Gate>();

    public async Task InitializeAsync() => app = await TestApp.StartAsync(
        [typeof(StaticHttpFunctions), typeof(WaitingFunction)], builder => builder.Services.AddSingleton<Gate>());

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_route_value_reaches_the_parameter_of_its_name()
    {
        Assert.Equal("hello ana, good", await app.Http.GetStringAsync("/api/hello/ana?mood=good"));
    }

    [Fact]
    public async Task Route_values_take_the_type_of_their_parameter()
    {
        Assert.Equal("""{"id":7}""", await app.Http.GetStringAsync("/api/orders/7"));
        Assert.Equal(
            "b0e6e0f3-5f3c-4a1c-9d0b-0c7b5d4f0a11 3 GET", await app.Http.GetStringAsync("/api/keys/b0e6e0f3-5f3c-4a1c-9d0b-0c7b5d4f0a11/3"));
    }

    [Fact]
    public async Task An_optional_route_value_that_is_not_there_is_null()
    {
        Assert.Equal(
            "b0e6e0f3-5f3c-4a1c-9d0b-0c7b5d4f0a11 none GET", await app.Http.GetStringAsync("/api/keys/b0e6e0f3-5f3c-4a1c-9d0b-0c7b5d4f0a11"));
    }

    [Fact]
    public async Task A_constraint_that_misses_is_404()
    {
        using var answer = await app.Http.GetAsync("/api/orders/seven");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_wrong_method_is_404_and_not_405()
    {
        using var answer = await app.Http.DeleteAsync("/api/orders/7");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_path_without_the_prefix_is_404()
    {
        using var answer = await app.Http.GetAsync("/orders/7");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_route_the_name_of_the_function_is_the_route_and_an_action_result_is_written()
    {
        using var answer = await app.Http.PostAsync("/api/accepted", content: null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/api/accepted", answer.Headers.Location?.OriginalString);
        Assert.Equal("""{"queued":true}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_function_may_write_the_response_itself()
    {
        Assert.Equal("path a/b/c.txt", await app.Http.GetStringAsync("/api/files/a/b/c.txt"));
    }

    [Theory, InlineData("GET"), InlineData("POST"), InlineData("PATCH")]
    public async Task A_function_that_throws_answers_500_without_a_body_to_any_method(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/throws");
        using var answer = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_of_20_MB_passes()
    {
        using var body = new ByteArrayContent(new byte[20_000_000]);
        using var answer = await app.Http.PutAsync("/api/measure", body);

        Assert.Equal("20000000", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_caller_that_leaves_cancels_the_functions_token()
    {
        using var caller = new CancellationTokenSource();
        var call = app.Http.GetAsync("/api/waits", caller.Token);
        await Gate.Entered;

        await caller.CancelAsync();

        Assert.Equal("cancelled", await Gate.Left);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task The_answer_comes_when_the_function_has_ended()
    {
        var call = app.Http.GetAsync("/api/waits");
        await Gate.Entered;
        Assert.False(call.IsCompleted);

        Gate.Open();

        using var answer = await call;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_request_that_waits_is_cancelled_when_the_host_stops()
    {
        var call = app.Http.GetAsync("/api/waits");
        await Gate.Entered;

        await app.StopAsync();

        Assert.Equal("cancelled", await Gate.Left);
        using var answer = await call;
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task The_prefix_comes_from_host_json()
    {
        await using var other = await TestApp.StartAsync(
            [typeof(StaticHttpFunctions)], hostJson: """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""");

        Assert.Equal("""{"id":7}""", await other.Http.GetStringAsync("/orders/7"));
        using var answer = await other.Http.GetAsync("/api/orders/7");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_route_value_arrives_decoded()
    {
        Assert.Equal("hello żółw, ", await app.Http.GetStringAsync("/api/hello/" + Uri.EscapeDataString("żółw")));
    }
}
