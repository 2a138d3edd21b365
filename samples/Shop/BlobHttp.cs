namespace Shop;

/// <summary>Sends requests to blob storage; a dropped connection or a 5xx is tried again twice.</summary>
internal sealed class BlobHttp(TimeProvider? time = null) : IDisposable
{
    private const int Attempts = 3;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    // Idle connections are let go before the server would close them under a request (Node's servers: 5 s).
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
        UseProxy = false,
    })
    { Timeout = TimeSpan.FromSeconds(30) };

    /// <param name="compose">Makes the request afresh for each attempt, with every header but the date and the signature.</param>
    public async Task<HttpResponseMessage> SendAsync(
        BlobContainer container, Func<HttpRequestMessage> compose, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = compose();
            container.Sign(request, _time.GetUtcNow());
            try
            {
                var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if ((int)response.StatusCode < 500 || attempt == Attempts)
                {
                    return response;
                }

                response.Dispose();
            }
            catch (HttpRequestException) when (attempt < Attempts)
            {
                // The next attempt follows; the last one's exception is the caller's.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), _time, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();
}
