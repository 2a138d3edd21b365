using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.Functions.Discovery;

namespace Orchestrator.Local.Functions.Invocation;

/// <summary>Calls a function's method, on a new instance where it is not static, and unwraps what it returns.</summary>
internal sealed class FunctionMethod
{
    private static readonly ConcurrentDictionary<MethodInfo, FunctionMethod> Known = new();

    private readonly MethodInvoker method;
    private readonly ObjectFactory? create;
    private readonly Func<object?, Task<object?>> unwrap;

    private FunctionMethod(MethodInfo method)
    {
        this.method = MethodInvoker.Create(method);
        create = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes);
        unwrap = Unwrapper(method.ReturnType);
    }

    public static FunctionMethod Of(FoundFunction function) => Known.GetOrAdd(function.Method, method => new(method));

    public object? CreateInstance(IServiceProvider services) => create?.Invoke(services, null);

    public Task<object?> InvokeAsync(object? instance, object?[] arguments) => unwrap(method.Invoke(instance, arguments.AsSpan()));

    private static Func<object?, Task<object?>> Unwrapper(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return Typed(nameof(OfTask), type.GetGenericArguments()[0]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Typed(nameof(OfValueTask), type.GetGenericArguments()[0]);
        if (type == typeof(Task))
            return OfTask;
        if (type == typeof(ValueTask))
            return result => OfTask(((ValueTask)result!).AsTask());
        return Task.FromResult;
    }

    private static Func<object?, Task<object?>> Typed(string name, Type type) => typeof(FunctionMethod)
        .GetMethod(name, 1, BindingFlags.NonPublic | BindingFlags.Static, [typeof(object)])!
        .MakeGenericMethod(type)
        .CreateDelegate<Func<object?, Task<object?>>>();

    private static async Task<object?> OfTask(object? task)
    {
        await (Task)task!;
        return null;
    }

    private static async Task<object?> OfTask<T>(object? task) => await (Task<T>)task!;

    private static async Task<object?> OfValueTask<T>(object? task) => await (ValueTask<T>)task!;
}
