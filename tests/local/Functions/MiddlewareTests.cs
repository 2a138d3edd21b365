using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class MiddlewareTests
{
    private readonly InvocationLog log = new();

    [Fact]
    public async Task Middleware_runs_around_http_functions_orchestrators_and_activities()
    {
        await using var app = await TestApp.StartAsync(
            [typeof(StaticHttpFunctions), typeof(Orchestrators), typeof(TakeOrder), typeof(DurableActivities)],
            builder =>
            {
                builder.Services.AddSingleton(log).AddScoped<InvocationKey>();
                builder.UseMiddleware<RecordingMiddleware>();
            });

        await app.Http.GetStringAsync("/api/hello/ana");
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.TakeTwoOrders), new Order("shop", 1));
        await app.Client.WaitForInstanceCompletionAsync(id);

        Assert.Contains("httpTrigger Hello", log.Entries);
        Assert.Contains("orchestrationTrigger TakeTwoOrders", log.Entries);
        Assert.Equal(2, log.Entries.Count(entry => entry is "activityTrigger TakeOrder"));
    }

    [Fact]
    public async Task Middleware_sees_what_a_function_throws_and_may_answer_in_its_place()
    {
        await using var app = await TestApp.StartAsync([typeof(StaticHttpFunctions)], builder => builder.UseMiddleware<ProblemMiddleware>());

        using var answer = await app.Http.GetAsync("/api/throws");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("problem: secret of /api/throws", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_first_middleware_is_the_outermost_and_a_condition_leaves_one_out()
    {
        await using var app = await TestApp.StartAsync([typeof(StaticHttpFunctions)], builder => builder
            .UseMiddleware(async (context, next) =>
            {
                log.Add("outer in");
                await next();
                log.Add($"outer out {context.Items["note"]}");
            })
            .UseWhen(context => context.FunctionDefinition.Name is "Orders", async (_, next) =>
            {
                log.Add("never for hello");
                await next();
            })
            .UseMiddleware(async (context, next) =>
            {
                context.Items["note"] = context.GetHttpContext()!.Request.RouteValues["name"]!;
                log.Add("inner in");
                await next();
            }));

        await app.Http.GetStringAsync("/api/hello/ana");

        Assert.Equal(["outer in", "inner in", "outer out ana"], log.Entries);
    }

    [Fact]
    public async Task Middleware_may_replace_what_a_function_returned()
    {
        await using var app = await TestApp.StartAsync([typeof(StaticHttpFunctions)], builder => builder.UseMiddleware(async (context, next) =>
        {
            await next();
            var result = context.GetInvocationResult();
            log.Add(result.Value!.GetType().Name);
            result.Value = Results.StatusCode(StatusCodes.Status418ImATeapot);
        }));

        using var answer = await app.Http.GetAsync("/api/hello/ana");

        Assert.Equal((HttpStatusCode)418, answer.StatusCode);
        Assert.NotEmpty(Assert.Single(log.Entries));
    }

    [Fact]
    public async Task Middleware_that_does_not_go_on_keeps_the_function_from_running()
    {
        await using var app = await TestApp.StartAsync([typeof(StaticHttpFunctions)], builder => builder.UseMiddleware((context, _) =>
        {
            context.GetHttpContext()!.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }));

        using var answer = await app.Http.GetAsync("/api/throws");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_request_and_the_function_share_one_scope()
    {
        await using var app = await TestApp.StartAsync([typeof(StaticHttpFunctions)], builder =>
        {
            builder.Services.AddScoped<InvocationKey>();
            builder.UseMiddleware(async (context, next) =>
            {
                var ofFunction = context.InstanceServices.GetRequiredService<InvocationKey>();
                var ofRequest = context.GetHttpContext()!.RequestServices.GetRequiredService<InvocationKey>();
                log.Add($"{ReferenceEquals(ofFunction, ofRequest)} {ofFunction.Value}");
                await next();
            });
        });

        await app.Http.GetStringAsync("/api/hello/ana");
        await app.Http.GetStringAsync("/api/hello/ana");

        Assert.All(log.Entries, entry => Assert.StartsWith("True ", entry, StringComparison.Ordinal));
        Assert.Equal(2, log.Entries.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Middleware_that_waits_for_something_else_around_an_orchestrator_fails_the_instance()
    {
        var gate = new Gate();
        await using var app = await TestApp.StartAsync([typeof(Orchestrators)], builder => builder.UseMiddleware(async (_, next) =>
        {
            await gate.OpenedAsync(CancellationToken.None);
            await next();
        }));

        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrators.UntypedInputIsNull));

        var ended = await app.Client.WaitForInstanceCompletionAsync(id).WaitAsync(TimeSpan.FromSeconds(30));
        gate.Open();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
    }
}
