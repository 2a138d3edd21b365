using System.Collections.Concurrent;
using System.Globalization;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Keeps the time-based policies of single blobs, and keeps the blobs from change until they expire.</summary>
internal sealed class ImmutabilityHandler(SharedKey key, StoreAbilities abilities) : DelegatingHandler
{
    private const string UntilHeader = "x-ms-immutability-policy-until-date";
    private const string ModeHeader = "x-ms-immutability-policy-mode";
    private readonly ConcurrentDictionary<string, Policy> _policies = new(StringComparer.Ordinal);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        if (!abilities.Immutability) return await base.SendAsync(message, cancellationToken);

        var request = new StoreRequest(message);
        if (request.Operation == StoreOperation.ImmutabilityPolicy) return await ChangePolicyAsync(message, request, cancellationToken);
        if (IsRefused(request)) return Immutable();

        var answer = await base.SendAsync(message, cancellationToken);
        if (!answer.IsSuccessStatusCode) return answer;
        if (request.Operation is StoreOperation.GetBlob or StoreOperation.HeadBlob && _policies.TryGetValue(request.Path, out var policy)) Show(policy, answer);
        else if (PolicyOf(request) is { } wanted) _policies[request.Path] = wanted;
        else if (request.ChangesBlob) _policies.TryRemove(request.Path, out _);
        return answer;
    }

    private bool IsRefused(StoreRequest request) => request switch
    {
        { Name: "", Method.Method: "DELETE" } => _policies.Any(held => held.Key.StartsWith(request.Path, StringComparison.Ordinal) && IsHeld(held.Value)),
        { ChangesBlob: true } or { Operation: StoreOperation.PutBlock or StoreOperation.PutBlockFromUrl } =>
            _policies.TryGetValue(request.Path, out var policy) && IsHeld(policy),
        _ => false,
    };

    private async Task<HttpResponseMessage> ChangePolicyAsync(HttpRequestMessage message, StoreRequest request, CancellationToken cancellationToken)
    {
        if (!key.IsSigned(message) && request.Query("sig") is null)
            return StoreAnswer.Error(403, "AuthenticationFailed", "Server failed to authenticate the request.");

        using var head = new HttpRequestMessage(HttpMethod.Head, new Uri(message.RequestUri!.GetLeftPart(UriPartial.Path), StoreProxy.AsItIs));
        head.Headers.Add("x-ms-version", "2023-01-03");
        key.Sign(head);
        using var blob = await base.SendAsync(head, cancellationToken);
        if (!blob.IsSuccessStatusCode) return StoreAnswer.Error(404, "BlobNotFound", "The specified blob does not exist.");

        var wanted = request.Method == HttpMethod.Put ? PolicyOf(request) : null;
        var locked = _policies.TryGetValue(request.Path, out var present) && present.IsLocked && IsHeld(present);
        if (locked && (wanted is not { IsLocked: true } || wanted.Until < present!.Until)) return Immutable();

        if (wanted is null) _policies.TryRemove(request.Path, out _);
        else _policies[request.Path] = wanted;
        var answer = StoreAnswer.Empty(200);
        if (wanted is not null) Show(wanted, answer);
        return answer;
    }

    private bool IsHeld(Policy policy) => policy.Until > abilities.Time.GetUtcNow();

    private static Policy? PolicyOf(StoreRequest request) => request.Header(UntilHeader) is { } until
        ? new Policy(DateTimeOffset.Parse(until, CultureInfo.InvariantCulture), request.Header(ModeHeader) ?? "unlocked")
        : null;

    private static void Show(Policy policy, HttpResponseMessage answer)
    {
        answer.Headers.Add(UntilHeader, policy.Until.ToString("R"));
        answer.Headers.Add(ModeHeader, policy.Mode);
    }

    private static HttpResponseMessage Immutable() =>
        StoreAnswer.Error(409, "BlobImmutableDueToPolicy", "This operation is not permitted as the blob is immutable due to a policy.");

    private sealed record Policy(DateTimeOffset Until, string Mode)
    {
        public bool IsLocked => Mode.Equals("locked", StringComparison.OrdinalIgnoreCase);
    }
}
