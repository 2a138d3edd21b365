using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Orchestrator.RealWorker.Host;

/// <summary>Finds the function that a request is for, as the host does before it asks the worker.</summary>
internal sealed class HttpRoutes(IEnumerable<IndexedFunction> functions, string prefix)
{
    private readonly (TemplateMatcher Matcher, IndexedFunction Function)[] _routes =
    [
        .. from function in functions
           where function.TriggerType == "httpTrigger"
           let template = TemplateParser.Parse($"{prefix}/{function.Route}")
           orderby RoutePrecedence.ComputeInbound(template)
           select (new TemplateMatcher(template, []), function),
    ];

    /// <returns>The function, and what stands in its route's parameters.</returns>
    public (IndexedFunction Function, IReadOnlyDictionary<string, string> Values) Find(HttpMethod method, string path)
    {
        foreach (var (matcher, function) in _routes)
        {
            var values = new RouteValueDictionary();
            if (function.Methods.Contains(method.Method, StringComparer.OrdinalIgnoreCase) && matcher.TryMatch(path, values))
                return (function, values.ToDictionary(value => value.Key, value => $"{value.Value}"));
        }

        throw new ArgumentException($"No function answers {method} {path}.", nameof(path));
    }
}
