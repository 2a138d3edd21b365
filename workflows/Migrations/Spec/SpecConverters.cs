using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Workflows.Migrations;

internal sealed class IsoDurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IsoDuration.TryParse(reader.GetString(), out var duration) ? duration : throw new JsonException("An ISO 8601 duration such as PT10M is wanted.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(IsoDuration.Format(value));
}

internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}

/// <summary>Times of day as <c>HH:mm</c>.</summary>
internal sealed class WallClockConverter : JsonConverter<TimeOnly>
{
    public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeOnly.TryParseExact(reader.GetString(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new JsonException("A time of day such as 01:30 is wanted.");

    public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("HH:mm", CultureInfo.InvariantCulture));
}

/// <summary>Days by their first three letters, <c>Mon</c> to <c>Sun</c>.</summary>
internal sealed class DayConverter : JsonConverter<DayOfWeek>
{
    public static readonly IReadOnlyList<string> Names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    public static bool TryParse(string? name, out DayOfWeek day)
    {
        for (var index = 0; index < Names.Count; index++)
        {
            if (!string.Equals(Names[index], name, StringComparison.Ordinal))
                continue;
            day = (DayOfWeek)index;
            return true;
        }

        day = default;
        return false;
    }

    public override DayOfWeek Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryParse(reader.GetString(), out var day) ? day : throw new JsonException("A day from Mon to Sun is wanted.");

    public override void Write(Utf8JsonWriter writer, DayOfWeek value, JsonSerializerOptions options) => writer.WriteStringValue(Names[(int)value]);
}

/// <summary>The approval rules, or <c>"none"</c> for null.</summary>
internal sealed class ApprovalConverter : JsonConverter<ApprovalSpec?>
{
    public const string None = "none";

    // The same options without this converter, so that the object itself is read and written as usual.
    private static readonly Lazy<JsonSerializerOptions> Plain = new(() =>
    {
        var options = new JsonSerializerOptions(SpecJson.Options);
        for (var index = options.Converters.Count - 1; index >= 0; index--)
        {
            if (options.Converters[index] is ApprovalConverter)
                options.Converters.RemoveAt(index);
        }

        return options;
    });

    public override bool HandleNull => true;

    public override ApprovalSpec? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String when reader.ValueTextEquals(None) => null,
        JsonTokenType.StartObject => JsonSerializer.Deserialize<ApprovalSpec>(ref reader, Plain.Value),
        _ => throw new JsonException("""An approval is an object or "none"."""),
    };

    public override void Write(Utf8JsonWriter writer, ApprovalSpec? value, JsonSerializerOptions options)
    {
        if (value is null)
            writer.WriteStringValue(None);
        else
            JsonSerializer.Serialize(writer, value, Plain.Value);
    }
}
