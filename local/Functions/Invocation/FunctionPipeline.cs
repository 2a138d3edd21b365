using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.Functions.Discovery;

namespace Orchestrator.Local.Functions.Invocation;

/// <summary>Runs functions: a scope for each invocation, the app's middleware around it, the method at the end.</summary>
internal sealed class FunctionPipeline(
    IServiceScopeFactory scopes, ArgumentBinder binder, IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware, TimeSpan? timeout)
{
    private readonly FunctionExecutionDelegate pipeline = middleware.Reverse().Aggregate(
        (FunctionExecutionDelegate)(context => ExecuteAsync((LocalFunctionContext)context, binder)), (next, around) => around(next));

    /// <summary>Runs a function to its end, or to the time limit of host.json: then its token is cancelled and this throws.</summary>
    /// <param name="finish">Runs while the scope is still alive, on what the function returned.</param>
    public async Task<T> RunAsync<T>(
        FoundFunction function, InvocationRequest request, Func<LocalFunctionContext, Task<T>> finish, CancellationToken cancellationToken)
    {
        if (timeout is null)
            return await RunToEndAsync(function, request, finish, cancellationToken);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = RunToEndAsync(function, request, finish, limit.Token);
        try
        {
            // By the real clock: a test that moves its own by days does not make a function slow.
            return await run.WaitAsync(timeout.Value, CancellationToken.None);
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            await limit.CancelAsync();
            throw new FunctionTimeoutException(function.Name, timeout.Value);
        }
    }

    /// <summary>
    /// Runs an orchestrator: no time limit, and nothing awaited but what the function itself awaits. A turn that is replayed later never
    /// ends here, so that its scope is the garbage collector's.
    /// </summary>
    public async Task<object?> RunOrchestratorAsync(FoundFunction function, InvocationRequest request)
    {
        using var scope = scopes.CreateScope();
        var context = NewContext(function, scope.ServiceProvider, request, CancellationToken.None);
        await pipeline(context);
        return context.Outcome.Value;
    }

    private async Task<T> RunToEndAsync<T>(
        FoundFunction function, InvocationRequest request, Func<LocalFunctionContext, Task<T>> finish, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = NewContext(function, scope.ServiceProvider, request, cancellationToken);
        await pipeline(context);
        return await finish(context);
    }

    private static LocalFunctionContext NewContext(
        FoundFunction function, IServiceProvider services, InvocationRequest request, CancellationToken cancellationToken)
    {
        var context = new LocalFunctionContext(function, services, request, cancellationToken);
        context.Features.Set(request);
        request.Prepare?.Invoke(context);
        return context;
    }

    private static async Task ExecuteAsync(LocalFunctionContext context, ArgumentBinder binder)
    {
        var method = FunctionMethod.Of(context.Function);
        var instance = method.CreateInstance(context.InstanceServices);
        try
        {
            var request = context.Features.Get<InvocationRequest>()!;
            context.Outcome.Value = await method.InvokeAsync(instance, binder.Bind(context, request));
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private static async ValueTask DisposeAsync(object? instance)
    {
        if (instance is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (instance as IDisposable)?.Dispose();
    }
}
