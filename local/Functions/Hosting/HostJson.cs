using System.Globalization;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Configuration;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>What the local host honours of host.json. A setting <c>AzureFunctionsJobHost__a__b</c> wins over the file's <c>a.b</c>.</summary>
internal sealed class HostJson
{
    private readonly string file;
    private readonly IConfiguration values;
    private readonly IConfiguration settings;

    private HostJson(string file, IConfiguration values, IConfiguration settings)
    {
        this.file = file;
        this.values = values;
        this.settings = settings;
        RoutePrefix = (values["extensions:http:routePrefix"] ?? "api").Trim('/');
        FunctionTimeout = Timeout("functionTimeout");
        HubName = SettingExpression.Resolve(values[Durable + "hubName"] ?? "TestHubName", settings, $"hubName in {file}");
        DefaultVersion = values[Durable + "defaultVersion"];
        VersionMatchStrategy = Choice(Durable + "versionMatchStrategy", DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder);
        VersionFailureStrategy = Choice(Durable + "versionFailureStrategy", DurableTaskWorkerOptions.VersionFailureStrategy.Reject);
        MaxConcurrentActivityFunctions = Count(Durable + "maxConcurrentActivityFunctions");
        MaxConcurrentOrchestratorFunctions = Count(Durable + "maxConcurrentOrchestratorFunctions");
    }

    public string RoutePrefix { get; }

    /// <summary>Null: functions may run for ever.</summary>
    public TimeSpan? FunctionTimeout { get; }

    public string HubName { get; }

    /// <summary>Of new orchestrations, and this app's own. Null: there are no versions, and none is compared.</summary>
    public string? DefaultVersion { get; }

    public DurableTaskWorkerOptions.VersionMatchStrategy VersionMatchStrategy { get; }

    public DurableTaskWorkerOptions.VersionFailureStrategy VersionFailureStrategy { get; }

    /// <summary>Null: ten for each processor, as on Functions.</summary>
    public int? MaxConcurrentActivityFunctions { get; }

    /// <inheritdoc cref="MaxConcurrentActivityFunctions"/>
    public int? MaxConcurrentOrchestratorFunctions { get; }

    public IConfiguration Logging => values.GetSection("logging");

    private const string Durable = "extensions:durableTask:";

    public static HostJson Read(string folder, IConfiguration settings)
    {
        var path = Path.Combine(folder, "host.json");
        try
        {
            var read = new ConfigurationBuilder()
                .AddJsonFile(path, optional: true)
                .AddConfiguration(settings.GetSection("AzureFunctionsJobHost"))
                .Build();
            return read["version"] is null or "2.0"
                ? new HostJson(path, read, settings)
                : throw new StartException($"{path}: version is \"{read["version"]}\", and only \"2.0\" is known.");
        }
        catch (Exception fault) when (fault is InvalidDataException or FormatException)
        {
            throw new StartException($"{path} is not valid: {(fault.InnerException ?? fault).Message}", fault);
        }
    }

    private TimeSpan? Timeout(string key)
    {
        if (values[key] is not { } text)
            return TimeSpan.FromMinutes(5);
        if (text is "-1")
            return null;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero
            ? span
            : throw new StartException($"{file}: {key} is \"{text}\"; it takes a duration such as 00:05:00, or -1 for none.");
    }

    private T Choice<T>(string key, T otherwise)
        where T : struct, Enum
    {
        if (values[key] is not { } text)
            return otherwise;
        return Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<T>(known)
            : throw new StartException($"{file}: {key.Replace(':', '.')} is \"{text}\"; it takes {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private int? Count(string key)
    {
        if (values[key] is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new StartException($"{file}: {key.Replace(':', '.')} is \"{text}\"; it takes a whole number above zero.");
    }
}
