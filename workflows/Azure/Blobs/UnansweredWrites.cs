using Azure.Core;
using Azure.Core.Pipeline;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// Sees each write, retries included, that ended without the store's word on it: a connection that broke, a wait that was given up, a server that
/// says it failed or did not hear in time. Such a write may still be done, also after one that was tried in its place.
/// </summary>
internal sealed class UnansweredWrites : HttpPipelinePolicy
{
    private volatile bool _any;

    public bool Any => _any;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            ProcessNext(message, pipeline);
            if (message.Response.Status is 500 or 502 or 504) See(message);
        }
        catch (Exception)
        {
            See(message);
            throw;
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
            if (message.Response.Status is 500 or 502 or 504) See(message);
        }
        catch (Exception)
        {
            See(message);
            throw;
        }
    }

    private void See(HttpMessage message)
    {
        if (message.Request.Method != RequestMethod.Get && message.Request.Method != RequestMethod.Head) _any = true;
    }
}
