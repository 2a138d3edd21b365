using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>Fetches packages and unpacks each into a directory of its own, so that an old process keeps its files while a new one starts.</summary>
internal sealed class PackageStore(EmulatorOptions options, HttpMessageInvoker http)
{
    /// <summary>The app setting that names a package by URL; the site then has no content of its own.</summary>
    public const string RunFromPackage = "WEBSITE_RUN_FROM_PACKAGE";

    public static bool IsUrl(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    /// <summary>A deployment: always fetched anew, into the slot's own tree.</summary>
    public async Task<string> UnpackAsync(Uri package, SiteSlot slot, string deployment, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(package, cancellationToken);
        return await ExtractAsync(response, Path.Combine(options.DataDirectory, "sites", slot.Site.Name, slot.Name, deployment), cancellationToken);
    }

    /// <summary>Run from package: asked for on every start, but what has the same tag as before is not fetched again.</summary>
    public async Task<string> MountAsync(Uri package, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(package, cancellationToken);
        var version = $"{package.GetLeftPart(UriPartial.Path)} {response.Headers.ETag?.ToString() ?? Guid.NewGuid().ToString()}";
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)))[..16];
        var directory = Path.Combine(options.DataDirectory, "packages", name);
        return Directory.Exists(directory) ? directory : await ExtractAsync(response, directory, cancellationToken);
    }

    private async Task<HttpResponseMessage> GetAsync(Uri package, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, package);
        var response = await http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode) return response;
        response.Dispose();
        throw new InvalidOperationException($"The package {package.GetLeftPart(UriPartial.Path)} could not be downloaded: status {(int)response.StatusCode}.");
    }

    private static async Task<string> ExtractAsync(HttpResponseMessage response, string directory, CancellationToken cancellationToken)
    {
        var partial = $"{directory}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(Path.GetDirectoryName(directory)!);
        await using (var body = new MemoryStream(await response.Content.ReadAsByteArrayAsync(cancellationToken), writable: false))
        {
            await ZipFile.ExtractToDirectoryAsync(body, partial, cancellationToken);
        }

        try
        {
            Directory.Move(partial, directory);
        }
        catch (IOException) when (Directory.Exists(directory))
        {
            // Another start of the same package was first.
            Directory.Delete(partial, recursive: true);
        }

        return directory;
    }
}
