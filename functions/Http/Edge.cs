using System.Diagnostics;
using Azure;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;

namespace Orchestrator.Functions.Http;

/// <summary>
/// What every call goes through: who calls, may they, and a problem document for whatever goes wrong. It is a call and not a
/// middleware because a throwing function is answered by the Functions host, without a body of ours.
/// </summary>
public sealed class Edge(TokenReader tokens, ILogger<Edge> logger)
{
    /// <summary>Answers without asking who calls.</summary>
    public async Task<IResult> OpenAsync(HttpRequest request, Func<Task<IResult>> call)
    {
        try
        {
            return await call();
        }
        catch (ProblemException problem)
        {
            return Refusal(request, problem);
        }
        catch (OperationCanceledException) when (request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read it.
            return new Answer(StatusCodes.Status499ClientClosedRequest, default, contentType: null);
        }
        catch (BadHttpRequestException broken)
        {
            return Refusal(request, new ProblemException(broken.StatusCode == StatusCodes.Status413PayloadTooLarge ? ProblemKind.TooLarge : ProblemKind.NotJson, "The request's body could not be read."));
        }
        catch (Exception unreachable) when (IsUnreachable(unreachable))
        {
            logger.NotReady(unreachable, "blobs");
            return Refusal(request, new ProblemException(ProblemKind.NotReady, "Not reachable: blobs. The call can be repeated as it is."));
        }
        catch (Exception unexpected)
        {
            var trace = Activity.Current?.TraceId.ToString() ?? request.HttpContext.TraceIdentifier;
            logger.CallFailed(unexpected, request.Method, request.Path, trace);
            return Refusal(request, new ProblemException(ProblemKind.Unexpected, $"The call failed in a way that nobody foresaw. The log has it under {trace}."));
        }
    }

    /// <summary>Answers a caller who has one of the roles.</summary>
    public Task<IResult> AnswerAsync(HttpRequest request, string[] roles, Func<Caller, Task<IResult>> call, CancellationToken cancellationToken) =>
        OpenAsync(request, async () =>
        {
            var caller = await IdentifyAsync(request, cancellationToken);
            if (!roles.Any(caller.Roles.Contains))
                throw new ProblemException(ProblemKind.LacksRole, $"This call wants the role {string.Join(" or ", roles)}.");
            return await call(caller);
        });

    public Task<IResult> AnswerAsync(HttpRequest request, string role, Func<Caller, Task<IResult>> call, CancellationToken cancellationToken) =>
        AnswerAsync(request, [role], call, cancellationToken);

    private async Task<Caller> IdentifyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        const string scheme = "Bearer ";
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(ProblemKind.NoIdentity, "A bearer token is wanted.");
        try
        {
            return await tokens.ReadAsync(header[scheme.Length..].Trim(), cancellationToken)
                ?? throw new ProblemException(ProblemKind.NoIdentity, "The token is not valid here: its signature, issuer, audience or time is wrong, or it names nobody.");
        }
        catch (InvalidOperationException unreachable)
        {
            logger.AuthorityUnreachable(unreachable);
            throw new ProblemException(ProblemKind.NotReady, "The authority that signs tokens cannot be reached.");
        }
    }

    // No answer at all, or one that the store itself is to blame for; repeated tries come as an aggregate.
    private static bool IsUnreachable(Exception failure) => failure switch
    {
        RequestFailedException { Status: 0 or 429 or >= 500 } => true,
        AggregateException { InnerExceptions: { Count: > 0 } tries } => tries.All(IsUnreachable),
        _ => false,
    };

    private static Answer Refusal(HttpRequest request, ProblemException problem)
    {
        var answer = Answer.Of(Problem.From(problem.Kind, problem.Message, request.Path, problem.Faults));
        if (problem.Kind == ProblemKind.NoIdentity)
            answer.With("WWW-Authenticate", request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"");
        else if (problem.Kind == ProblemKind.LacksRole)
            answer.With("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
        else if (problem.Kind == ProblemKind.NotReady)
            answer.With("Retry-After", "5");
        return answer;
    }
}
