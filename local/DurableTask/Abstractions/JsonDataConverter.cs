using System.Text.Json;

namespace Microsoft.DurableTask.Converters;

/// <summary>JSON by System.Text.Json.</summary>
public class JsonDataConverter(JsonSerializerOptions? options = null) : DataConverter
{
    // Not the web defaults: names as declared, case-sensitive, fields included. Running instances depend on it.
    private static readonly JsonSerializerOptions Plain = new() { IncludeFields = true };

    private readonly JsonSerializerOptions options = options ?? Plain;

    public static JsonDataConverter Default { get; } = new();

    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, options);

    public override object? Deserialize(string? data, Type targetType) => data is null ? null : JsonSerializer.Deserialize(data, targetType, options);
}
