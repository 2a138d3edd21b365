using System.Net;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Storage;

/// <summary>
/// The containers of the real blob server, over its own protocol with a shared key. Every call returns null for an account that the
/// server does not know: such an account exists in ARM alone.
/// </summary>
internal sealed class BlobServer(EmulatorOptions options, HttpMessageInvoker http)
{
    private const string Version = "2021-12-02";

    /// <returns>Whether the container is new.</returns>
    public Task<bool?> CreateAsync(string account, string container, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Put, account, container, HttpStatusCode.Created, HttpStatusCode.Conflict, cancellationToken);

    public Task<bool?> ExistsAsync(string account, string container, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Head, account, container, HttpStatusCode.OK, HttpStatusCode.NotFound, cancellationToken);

    /// <returns>Whether there was one.</returns>
    public Task<bool?> DeleteAsync(string account, string container, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Delete, account, container, HttpStatusCode.Accepted, HttpStatusCode.NotFound, cancellationToken);

    private async Task<bool?> CallAsync(
        HttpMethod method, string account, string container, HttpStatusCode yes, HttpStatusCode no, CancellationToken cancellationToken)
    {
        if (!options.BlobAccounts.TryGetValue(account, out var key)) return null;
        using var request = new HttpRequestMessage(method, $"{options.BlobEndpoint.TrimEnd('/')}/{account}/{container}?restype=container");
        Sign(request, account, container, key);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode == yes) return true;
            if (response.StatusCode == no) return false;
            throw ArmException.Of((int)response.StatusCode, "StorageOperationFailed", $"The blob server answered {(int)response.StatusCode} to {method} {container}.");
        }
        catch (HttpRequestException problem)
        {
            throw ArmException.Of(503, "ServiceUnavailable", $"The blob server does not answer: {problem.Message}");
        }
    }

    /// <summary>Shared Key: verb, eleven empty standard headers, the x-ms headers, and the resource, where a path-style URL names the account twice.</summary>
    private static void Sign(HttpRequestMessage request, string account, string container, string key)
    {
        var date = DateTime.UtcNow.ToString("R");
        request.Headers.Add("x-ms-date", date);
        request.Headers.Add("x-ms-version", Version);
        var text = $"{request.Method}{new string('\n', 12)}x-ms-date:{date}\nx-ms-version:{Version}\n/{account}/{account}/{container}\nrestype:container";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {account}:{signature}");
    }
}
