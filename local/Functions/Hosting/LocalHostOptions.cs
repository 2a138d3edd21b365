using System.Reflection;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>How a host is made where it is not the whole process: in tests, several may live side by side.</summary>
public sealed class LocalHostOptions
{
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Where functions are looked for. Default: the entry assembly and the assemblies it references, .NET's own left out.</summary>
    public IReadOnlyList<Assembly>? Assemblies { get; init; }

    /// <summary>The classes to look in, instead of assemblies: an app of a few functions.</summary>
    public IReadOnlyList<Type>? Classes { get; init; }

    /// <summary>The folder of host.json and local.settings.json. Default: the app's own.</summary>
    public string Folder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Settings that win over local.settings.json, the environment and the arguments.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>False runs everything but the HTTP functions, on no port.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>A fault that stops the start is one line on standard error and exit code 1, instead of an exception.</summary>
    internal bool OwnsProcess { get; init; }
}
