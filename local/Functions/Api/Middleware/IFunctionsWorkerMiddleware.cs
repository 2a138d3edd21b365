namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>Runs around every invocation, of activities and orchestrators as of HTTP functions. One instance serves the app.</summary>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
