using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Local.Functions.Discovery;

/// <summary>The entry assembly and those it references, directly or not, that know of <see cref="FunctionAttribute"/>.</summary>
internal static class FunctionAssemblies
{
    private static readonly string Own = typeof(FunctionAttribute).Assembly.GetName().Name!;

    public static IReadOnlyList<Assembly> OfApp() => Assembly.GetEntryAssembly() is { } entry ? Of(entry) : [];

    public static IReadOnlyList<Assembly> Of(Assembly entry)
    {
        var found = new List<Assembly>();
        Visit(entry, found, []);
        return found;
    }

    private static void Visit(Assembly assembly, List<Assembly> found, HashSet<string> seen)
    {
        var references = assembly.GetReferencedAssemblies();
        if (references.Any(reference => reference.Name == Own))
            found.Add(assembly);
        foreach (var reference in references)
            if (!IsPlatform(reference.Name!) && seen.Add(reference.Name!))
                Visit(Assembly.Load(reference), found, seen);
    }

    private static bool IsPlatform(string name) =>
        name == Own || name is "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name.StartsWith("Azure.", StringComparison.Ordinal);
}
