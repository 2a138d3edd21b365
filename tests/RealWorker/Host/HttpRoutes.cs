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

    public IndexedFunction Find(HttpMethod method, string path) =>
        _routes.FirstOrDefault(route => route.Function.Methods.Contains(method.Method, StringComparer.OrdinalIgnoreCase) && route.Matcher.TryMatch(path, [])).Function
        ?? throw new ArgumentException($"No function answers {method} {path}.", nameof(path));
}
