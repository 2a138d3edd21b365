using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Local.Functions.Discovery;
using Orchestrator.Local.Functions.Hosting;

namespace Orchestrator.Local.Functions.Http;

/// <summary>The HTTP functions as endpoints of ASP.NET Core's routing.</summary>
internal static class FunctionEndpoints
{
    public static string Route(FoundFunction function, string prefix)
    {
        var route = (((HttpTriggerAttribute)function.Trigger).Route ?? function.Name).TrimStart('/');
        return prefix.Length is 0 ? route : $"{prefix}/{route}";
    }

    public static IReadOnlyList<string> Methods(FoundFunction function) =>
        [.. (((HttpTriggerAttribute)function.Trigger).Methods ?? []).Select(method => method.ToUpperInvariant())];

    public static EndpointDataSource Build(IEnumerable<FoundFunction> functions, string prefix, HttpFunctionRunner runner)
    {
        var http = functions.Where(function => function.Kind is TriggerKind.Http).ToList();
        CheckDistinct(http, prefix);
        return new DefaultEndpointDataSource(http.Select(function => Endpoint(function, prefix, runner)));
    }

    private static Endpoint Endpoint(FoundFunction function, string prefix, HttpFunctionRunner runner) =>
        new RouteEndpointBuilder(http => runner.RunAsync(function, http), RoutePatternFactory.Parse(Route(function, prefix)), order: 0)
        {
            DisplayName = function.Name,
            Metadata = { new FunctionMethods(Methods(function)) },
        }.Build();

    private static void CheckDistinct(List<FoundFunction> functions, string prefix)
    {
        foreach (var same in functions.GroupBy(function => Route(function, prefix), StringComparer.OrdinalIgnoreCase).Select(group => group.ToList()))
            for (var i = 1; i < same.Count; i++)
                if (same.Take(i).FirstOrDefault(other => Overlap(Methods(other), Methods(same[i]))) is { } rival)
                    throw new StartException($"Two functions answer the same requests to {Route(rival, prefix)}: {rival.Place} and {same[i].Place}.");
    }

    private static bool Overlap(IReadOnlyList<string> some, IReadOnlyList<string> others) =>
        some.Count is 0 || others.Count is 0 || some.Intersect(others, StringComparer.Ordinal).Any();
}
