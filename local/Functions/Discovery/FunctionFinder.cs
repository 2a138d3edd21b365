using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Local.Functions.Hosting;

namespace Orchestrator.Local.Functions.Discovery;

/// <summary>Finds the functions of an app: every method with <see cref="FunctionAttribute"/> of the classes given.</summary>
internal static partial class FunctionFinder
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    /// <exception cref="StartException">A function that cannot run as it is declared; the message names its method.</exception>
    public static IReadOnlyList<FoundFunction> Find(IEnumerable<Type> classes)
    {
        var functions = new SortedDictionary<string, FoundFunction>(StringComparer.OrdinalIgnoreCase);
        foreach (var method in classes.SelectMany(type => type.GetMethods(Declared)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>(inherit: false) is not { } attribute)
                continue;
            CheckMethod(method, attribute.Name);
            var function = FunctionBinder.Bind(method, attribute.Name);
            if (!functions.TryAdd(function.Name, function))
                throw new StartException($"Two functions are named {function.Name}: {functions[function.Name].Place} and {function.Place}.");
        }

        CheckTaskNames(functions.Values);
        return [.. functions.Values];
    }

    private static void CheckMethod(MethodInfo method, string name)
    {
        var place = FoundFunction.Describe(method);
        if (!Name().IsMatch(name))
            throw new StartException($"The function {place} is named \"{name}\"; a name is a letter and up to 126 letters, digits, hyphens and underscores.");
        if (!method.IsPublic || !method.DeclaringType!.IsVisible)
            throw new StartException($"The function {place} is not public: its method and the types around it must be.");
        if (method.IsGenericMethodDefinition || method.DeclaringType!.IsGenericTypeDefinition || (method.DeclaringType.IsAbstract && !method.IsStatic))
            throw new StartException($"The function {place} cannot be called: its method or class is generic or abstract.");
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(System.Runtime.CompilerServices.AsyncStateMachineAttribute)))
            throw new StartException($"The function {place} is async void, so nobody would learn of its end: it must return a Task.");
    }

    private static void CheckTaskNames(IEnumerable<FoundFunction> functions)
    {
        foreach (var same in functions.Where(f => f.Kind is TriggerKind.Activity or TriggerKind.Orchestration)
                     .GroupBy(f => (f.Kind, Name: f.TaskName.ToUpperInvariant())).Where(group => group.Skip(1).Any()))
            throw new StartException($"Two functions are called by the name {same.First().TaskName}: {string.Join(" and ", same.Select(f => f.Place))}.");
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,126}$")]
    private static partial Regex Name();
}
