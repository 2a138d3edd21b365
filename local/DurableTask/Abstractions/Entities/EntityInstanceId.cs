using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.DurableTask.Entities;

/// <summary>Written @name@key; the name in lower case.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct EntityInstanceId
{
    public EntityInstanceId(string name, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(key);
        if (name.Contains('@', StringComparison.Ordinal))
            throw new ArgumentException("The name of an entity has no '@'.", nameof(name));
#pragma warning disable CA1308 // As the back ends write it.
        Name = name.ToLowerInvariant();
#pragma warning restore CA1308
        Key = key;
    }

    public string Name { get; }

    public string Key { get; }

    /// <exception cref="ArgumentException">It is not of the form @name@key.</exception>
    public static EntityInstanceId FromString(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var end = instanceId.IndexOf('@', 1);
        return instanceId[0] == '@' && end > 0
            ? new EntityInstanceId(instanceId[1..end], instanceId[(end + 1)..])
            : throw new ArgumentException($"'{instanceId}' is not the id of an entity.", nameof(instanceId));
    }

    public override string ToString() => $"@{Name}@{Key}";

    private sealed class Converter : JsonConverter<EntityInstanceId>
    {
        public override EntityInstanceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => FromString(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, EntityInstanceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
