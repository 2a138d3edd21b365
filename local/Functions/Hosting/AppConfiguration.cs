using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>
/// The settings of an app, later ones winning: appsettings.json, the Values of local.settings.json, the environment, the arguments.
/// Two underscores in a name stand for a colon, in local.settings.json as in the environment.
/// </summary>
internal static class AppConfiguration
{
    public const string DefaultEnvironment = "Production";

    public static string EnvironmentName(LocalHostOptions options)
    {
        var settings = new ConfigurationBuilder();
        AddSettings(settings, options);
        return settings.Build()["AZURE_FUNCTIONS_ENVIRONMENT"] ?? DefaultEnvironment;
    }

    public static void Add(IConfigurationBuilder builder, LocalHostOptions options, string environment)
    {
        builder.AddJsonFile(Path.Combine(options.Folder, "appsettings.json"), optional: true);
        builder.AddJsonFile(Path.Combine(options.Folder, $"appsettings.{environment}.json"), optional: true);
        AddSettings(builder, options);
    }

    private static void AddSettings(IConfigurationBuilder builder, LocalHostOptions options)
    {
        builder.AddInMemoryCollection(LocalSettings(Path.Combine(options.Folder, "local.settings.json")));
        builder.AddEnvironmentVariables();
        builder.AddCommandLine([.. options.Args]);
        builder.AddInMemoryCollection(options.Settings.Select(WithColons));
    }

    private static IEnumerable<KeyValuePair<string, string?>> LocalSettings(string file)
    {
        if (!File.Exists(file))
            return [];
        try
        {
            var json = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(File.ReadAllText(file), json);
            if (document.RootElement.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind is JsonValueKind.True)
                throw new StartException($"{file} is encrypted, and the local host has no key to it.");
            return document.RootElement.TryGetProperty("Values", out var values)
                ? [.. values.EnumerateObject().Select(value => WithColons(KeyValuePair.Create<string, string?>(value.Name, Text(value.Value))))]
                : [];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new StartException($"{file} is not a settings file: {fault.Message}", fault);
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };

    private static KeyValuePair<string, string?> WithColons(KeyValuePair<string, string?> setting) =>
        KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value);
}
