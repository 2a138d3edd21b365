using System.Reflection;

namespace Microsoft.DurableTask;

/// <summary>What tasks are registered under.</summary>
internal readonly record struct TaskKey(TaskName Name, TaskVersion Version)
{
    /// <summary>The name and version that a class has by its attribute, or else by its own name.</summary>
    /// <exception cref="ArgumentException">The type is not a concrete <typeparamref name="TTask"/>.</exception>
    public static TaskKey Of<TTask>(Type type, TaskName? name = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!type.IsClass || type.IsAbstract || !typeof(TTask).IsAssignableFrom(type))
            throw new ArgumentException($"{type} is not a concrete {typeof(TTask).Name}.", nameof(type));
        var attribute = type.GetCustomAttribute<DurableTaskAttribute>(inherit: false);
        var own = attribute is { Name.Name: { Length: > 0 } given } ? given : type.Name;
        return new TaskKey(name ?? own, attribute?.Version);
    }

    public override string ToString() => Version.Version.Length == 0 ? Name.Name : $"{Name.Name}' of version '{Version.Version}";
}
