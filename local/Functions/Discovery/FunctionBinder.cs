using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.Functions.Hosting;

namespace Orchestrator.Local.Functions.Discovery;

/// <summary>Decides where each parameter of a function comes from, and refuses what nothing would fill.</summary>
internal static class FunctionBinder
{
    /// <exception cref="StartException">The message names the method and the parameter.</exception>
    public static FoundFunction Bind(MethodInfo method, string name)
    {
        var place = FoundFunction.Describe(method);
        // Once: a second call may answer other instances, and below the trigger's parameter is told by its instance.
        var declared = method.GetParameters();
        var triggers = declared
            .SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>().Select(attribute => (parameter, attribute)))
            .ToList();
        if (triggers is not [var (triggerParameter, trigger)])
            throw new StartException($"The function {place} has {triggers.Count} triggers; it takes one.");

        var kind = Kind(trigger, triggerParameter, place);
        CheckReturn(kind, method, place);
        var known = BindingData(kind, trigger, name, place);
        var parameters = declared
            .Select(parameter => new BoundParameter(parameter, parameter == triggerParameter ? ParameterSource.Trigger : Source(parameter, kind, known, place)))
            .ToList();
        return parameters.Count(bound => bound.Source is ParameterSource.Input) > 1
            ? throw new StartException($"The orchestrator {place} declares more than one input.")
            : new FoundFunction(name, method, kind, trigger, parameters);
    }

    private static TriggerKind Kind(TriggerBindingAttribute trigger, ParameterInfo parameter, string place) => trigger switch
    {
        HttpTriggerAttribute { AuthLevel: not AuthorizationLevel.Anonymous } http => throw new StartException(
            $"The function {place} asks for a key ({http.AuthLevel}); the local host has none and serves AuthorizationLevel.Anonymous only."),
        HttpTriggerAttribute => Expect<HttpRequest>(TriggerKind.Http, parameter, place),
        TimerTriggerAttribute => Expect<TimerInfo>(TriggerKind.Timer, parameter, place),
        OrchestrationTriggerAttribute => Expect<TaskOrchestrationContext>(TriggerKind.Orchestration, parameter, place),
        ActivityTriggerAttribute => TriggerKind.Activity,
        _ => throw new StartException($"The function {place} has a trigger that the local host does not know: {trigger.GetType().Name}."),
    };

    private static TriggerKind Expect<T>(TriggerKind kind, ParameterInfo parameter, string place) => parameter.ParameterType == typeof(T)
        ? kind
        : throw new StartException($"The function {place} binds its trigger to {parameter.ParameterType.Name} {parameter.Name}; it takes a {typeof(T).Name}.");

    private static ParameterSource Source(ParameterInfo parameter, TriggerKind kind, IReadOnlySet<string> known, string place)
    {
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is not null)
            return parameter.ParameterType == typeof(DurableTaskClient) && kind is not TriggerKind.Orchestration
                ? ParameterSource.DurableClient
                : throw new StartException($"The function {place} has a [DurableClient] {parameter.ParameterType.Name} {parameter.Name}; "
                    + "it takes a DurableTaskClient, and not in an orchestrator.");
        if (parameter.ParameterType == typeof(FunctionContext))
            return ParameterSource.FunctionContext;
        if (parameter.ParameterType == typeof(CancellationToken))
            return ParameterSource.CancellationToken;
        if (kind is TriggerKind.Orchestration)
            return ParameterSource.Input;
        return known.Contains(parameter.Name!)
            ? ParameterSource.BindingData
            : throw new StartException($"Nothing fills the parameter {parameter.ParameterType.Name} {parameter.Name} of the function {place}.");
    }

    private static HashSet<string> BindingData(TriggerKind kind, TriggerBindingAttribute trigger, string name, string place)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (kind is TriggerKind.Activity)
            names.Add("instanceId");
        if (trigger is HttpTriggerAttribute http)
            names.UnionWith(Route(http, name, place).Parameters.Select(parameter => parameter.Name));
        return names;
    }

    private static RoutePattern Route(HttpTriggerAttribute trigger, string name, string place)
    {
        try
        {
            return RoutePatternFactory.Parse(trigger.Route ?? name);
        }
        catch (RoutePatternException fault)
        {
            throw new StartException($"The function {place} has the route \"{trigger.Route}\": {fault.Message}", fault);
        }
    }

    // The worker writes a result to the response only if it is one of ASP.NET Core's; anything else would be lost on the way.
    private static void CheckReturn(TriggerKind kind, MethodInfo method, string place)
    {
        var type = method.ReturnType;
        if (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            type = type.GetGenericArguments()[0];
        if (kind is TriggerKind.Http && type != typeof(void) && type != typeof(Task) && type != typeof(ValueTask) && type != typeof(object)
            && !type.IsAssignableTo(typeof(IResult)) && !type.IsAssignableTo(typeof(IActionResult)))
            throw new StartException($"The function {place} returns {type.Name}, which nothing writes to the response; return an IResult or an IActionResult.");
    }
}
