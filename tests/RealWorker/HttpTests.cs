using Orchestrator.RealWorker.World;

namespace Orchestrator.RealWorker;

[Collection(RealAppCollection.Name)]
public sealed class HttpTests(RealApp app)
{
    [Fact]
    public async Task It_says_that_it_lives()
    {
        var (response, body) = await app.CallAsync(HttpMethod.Get, "/api/healthz");

        Assert.Equal((200, """{"status":"live"}"""), ((int)response.StatusCode, body));
        Assert.Empty(app.Host.Errors);
    }
}
