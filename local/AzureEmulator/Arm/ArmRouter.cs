namespace Orchestrator.Local.AzureEmulator.Arm;

internal delegate Task<ArmResponse> ArmHandler(ArmRequest request, CancellationToken cancellationToken);

/// <summary>Finds the handler of a call by method and pattern; what ARM checks for every resource is checked here.</summary>
internal sealed class ArmRouter(Func<ArmRequest, Task>? precondition = null)
{
    private readonly Dictionary<string, ArmHandler> _routes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _patterns = new(StringComparer.Ordinal);

    public void Map(string method, string pattern, ArmHandler handler)
    {
        var key = pattern.ToLowerInvariant();
        _patterns.Add(key);
        _routes.Add($"{method} {key}", handler);
    }

    public void Map(string method, string pattern, Func<ArmRequest, ArmResponse> handler) =>
        Map(method, pattern, (request, _) => Task.FromResult(handler(request)));

    public async Task<ArmResponse> DispatchAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (!_routes.TryGetValue($"{request.Method} {request.Target.Pattern}", out var handler)) throw NoRoute(request);
            if (precondition is not null) await precondition(request);
            return await handler(request, cancellationToken);
        }
        catch (ArmException refusal)
        {
            return refusal.ToResponse();
        }
    }

    private ArmException NoRoute(ArmRequest request)
    {
        var target = request.Target;
        if (_patterns.Contains(target.Pattern))
            return ArmException.Of(405, "MethodNotAllowed", $"The resource does not support HTTP method '{request.Method}'.");
        if (target.Namespace is null)
            return ArmException.GatewayNotFound("InvalidResourceNamespace", $"The requested path '{target.Path}' is not known.");
        var type = target.Pattern.Replace("/*", "", StringComparison.Ordinal);
        return ArmException.GatewayNotFound(
            "InvalidResourceType",
            $"The resource type '{type}' could not be found in the namespace '{target.Namespace}' for api version '{request.ApiVersion}'.");
    }
}
