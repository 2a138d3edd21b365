using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.Functions.Discovery;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Local.Functions.Invocation;

namespace Orchestrator.Local.Functions.Http;

/// <summary>Runs a function for a request. What it throws is a 500 without a body; its token is cancelled when the caller goes or the host stops.</summary>
internal sealed class HttpFunctionRunner(FunctionPipeline pipeline, IHostApplicationLifetime lifetime, ILogger<HttpFunctionRunner> logger)
{
    public async Task RunAsync(FoundFunction function, HttpContext http)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var request = new InvocationRequest
        {
            TriggerValue = _ => http.Request,
            BindingData = new Dictionary<string, object?>(http.Request.RouteValues, StringComparer.OrdinalIgnoreCase),
            Prepare = context =>
            {
                context.SetHttpContext(http);
                http.RequestServices = context.InstanceServices;
            },
        };
        try
        {
            await pipeline.RunAsync(function, request, context => WriteAsync(context.Outcome.Value, http), cancellation.Token);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.CallerLeft(function.Name);
        }
        catch (Exception fault)
        {
            logger.FunctionFailed(function.Name, fault);
            Fail(http);
        }
    }

    private static async Task<bool> WriteAsync(object? result, HttpContext http)
    {
        if (result is IResult answer)
            await answer.ExecuteAsync(http);
        else if (result is IActionResult action)
            await action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
        return true;
    }

    private static void Fail(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }
}
