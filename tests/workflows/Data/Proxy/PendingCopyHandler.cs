using System.Collections.Concurrent;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Shows what Azurite has copied at once as still pending, for a number of HEADs. Until then nothing else may write to the target.</summary>
internal sealed class PendingCopyHandler(StoreAbilities abilities) : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, int> _headsLeft = new(StringComparer.Ordinal);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var request = new StoreRequest(message);
        var pending = _headsLeft.ContainsKey(request.Path);
        if (pending && request.ChangesBlob) return StoreAnswer.Error(409, "PendingCopyOperation", "There is currently a pending copy operation.");

        var answer = await base.SendAsync(message, cancellationToken);
        if (!answer.IsSuccessStatusCode) return answer;
        if (request.Operation == StoreOperation.CopyBlob && abilities.CopyPendingHeads > 0)
        {
            _headsLeft[request.Path] = abilities.CopyPendingHeads;
            SetHeader(answer, "x-ms-copy-status", "pending");
        }
        else if (pending && request.Operation is StoreOperation.HeadBlob or StoreOperation.GetBlob)
        {
            SetHeader(answer, "x-ms-copy-status", "pending");
            SetHeader(answer, "x-ms-copy-progress", $"0/{answer.Content.Headers.ContentLength}");
            answer.Headers.Remove("x-ms-copy-completion-time");
            if (request.Operation == StoreOperation.HeadBlob) CountDown(request.Path);
        }

        return answer;
    }

    private void CountDown(string path)
    {
        if (_headsLeft.AddOrUpdate(path, 0, (_, left) => left - 1) <= 0) _headsLeft.TryRemove(path, out _);
    }

    private static void SetHeader(HttpResponseMessage answer, string name, string value)
    {
        answer.Headers.Remove(name);
        answer.Headers.Add(name, value);
    }
}
