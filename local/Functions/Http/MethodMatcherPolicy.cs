using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Orchestrator.Local.Functions.Http;

/// <summary>The methods a function answers to; none means all.</summary>
internal sealed record FunctionMethods(IReadOnlyList<string> Methods);

/// <summary>A function whose methods do not include the request's is no candidate, so that a wrong method is 404 as on Functions, not 405.</summary>
internal sealed class MethodMatcherPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => -1000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<FunctionMethods>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint.Metadata.GetMetadata<FunctionMethods>() is { Methods: { Count: > 0 } methods }
                && !methods.Contains(httpContext.Request.Method, StringComparer.OrdinalIgnoreCase))
                candidates.SetValidity(i, false);
        return Task.CompletedTask;
    }
}
