using Microsoft.Extensions.Configuration;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>The settings <c>LocalHost__…</c>: where the local host listens and where it keeps its state.</summary>
internal sealed record LocalHostSettings(string Urls, string StateFile, bool ReplayFromStart)
{
    public static LocalHostSettings Read(IConfiguration settings) => new(
        settings["LocalHost:Urls"] ?? "http://127.0.0.1:7071",
        Path.GetFullPath(settings["LocalHost:StateFile"] ?? "./.orchestrator/state.db"),
        Flag(settings, "LocalHost:ReplayFromStart"));

    private static bool Flag(IConfiguration settings, string key) => settings[key] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new StartException($"The setting {key.Replace(":", "__", StringComparison.Ordinal)} is \"{text}\"; it takes true or false."),
    };
}
