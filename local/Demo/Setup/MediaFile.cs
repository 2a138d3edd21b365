namespace Orchestrator.Local.Demo.Setup;

/// <summary>A file of the installed npm packages that becomes one of the shop's media. An empty <paramref name="Path"/> means no content.</summary>
internal sealed record MediaFile(string Name, string Path)
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".js"] = "text/javascript",
        [".mjs"] = "text/javascript",
        [".cjs"] = "text/javascript",
        [".ts"] = "text/plain; charset=utf-8",
        [".json"] = "application/json",
        [".map"] = "application/json",
        [".md"] = "text/markdown; charset=utf-8",
        [".txt"] = "text/plain",
        [".html"] = "text/html",
        [".css"] = "text/css",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
        [".yml"] = "application/yaml",
    };

    public string ContentType => Types.GetValueOrDefault(System.IO.Path.GetExtension(Name), "application/octet-stream");

    public byte[] Read() => Path.Length == 0 ? [] : File.ReadAllBytes(Path);
}
