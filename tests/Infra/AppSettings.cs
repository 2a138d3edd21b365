using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Functions;
using Orchestrator.Workflows;

namespace Orchestrator.Infra.Tests;

/// <summary>The settings that the app reads: the properties of its options classes, which each say their section.</summary>
internal static class AppSettings
{
    public static IReadOnlyList<AppSetting> All { get; } = [.. OptionsTypes().SelectMany(Of).OrderBy(setting => setting.Name, StringComparer.Ordinal)];

    /// <summary>The name with numbers and chosen names put back to what stands for them.</summary>
    public static AppSetting? Find(string name) => All.FirstOrDefault(setting => setting.IsName(name));

    /// <summary>What the app would say of these settings when it starts.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, string?> settings)
    {
        var values = settings.ToDictionary(s => s.Key.Replace("__", ":", StringComparison.Ordinal), s => s.Value);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection().AddLogging().AddWorkflows(configuration).AddEdge(configuration);
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<Microsoft.Extensions.Options.IStartupValidator>().Validate();
            return [];
        }
        catch (Microsoft.Extensions.Options.OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
        catch (AggregateException several)
        {
            return [.. several.InnerExceptions.Select(fault => fault.Message)];
        }
    }

    private static IEnumerable<Type> OptionsTypes() =>
        new[] { typeof(WorkflowServices).Assembly, typeof(EdgeServices).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && SectionOf(type) is not null);

    private static string? SectionOf(Type type) => type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;

    private static IEnumerable<AppSetting> Of(Type options)
    {
        var instance = Activator.CreateInstance(options)!;
        foreach (var property in options.GetProperties())
        {
            var name = $"{SectionOf(options)}__{property.Name}";
            var type = property.PropertyType;
            if (type.IsAssignableTo(typeof(IEnumerable<KeyValuePair<string, string>>)))
                yield return new AppSetting($"{name}__<name>", options, property.Name, "none");
            else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
                foreach (var member in type.GenericTypeArguments[0].GetProperties())
                    yield return new AppSetting($"{name}__<n>__{member.Name}", options, property.Name, "none");
            else
                yield return new AppSetting(name, options, property.Name, Shown(property.GetValue(instance)));
        }
    }

    private static string Shown(object? value) => value switch
    {
        null or "" => "none",
        bool yes => yes ? "true" : "false",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };
}

/// <param name="Name">As an app setting: <c>Auth__Audience</c>, with <c>&lt;name&gt;</c> or <c>&lt;n&gt;</c> for what an installation chooses.</param>
/// <param name="Default">As Markdown.</param>
internal sealed record AppSetting(string Name, Type Options, string Property, string Default)
{
    public bool IsName(string name)
    {
        var wanted = Name.Split("__");
        var given = name.Split("__");
        return wanted.Length == given.Length && wanted.Zip(given).All(part => part.First[0] == '<' ? part.Second.Length > 0 : part.First == part.Second);
    }
}
