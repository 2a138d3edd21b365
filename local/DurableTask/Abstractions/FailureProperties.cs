using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.DurableTask;

/// <summary>
/// What an application adds to a failure, brought into the form in which it also comes back from the store: text, double, truth
/// value, time, list, dictionary.
/// </summary>
internal static class FailureProperties
{
    public static IDictionary<string, object?>? Of(IDictionary<string, object?>? given) => given?.ToDictionary(entry => entry.Key, entry => Of(entry.Value));

    private static object? Of(object? value) => value switch
    {
        null or string or bool or double or DateTime or DateTimeOffset => value,
        byte or sbyte or short or ushort or int or uint or long or ulong or float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        IDictionary<string, object?> entries => Of(entries),
        IEnumerable items => items.Cast<object?>().Select(Of).ToList(),
        _ => value.ToString() ?? string.Empty,
    };
}

/// <summary>Times are text with a prefix, so that they can be told from text.</summary>
internal sealed class FailurePropertiesConverter : JsonConverter<IDictionary<string, object?>>
{
    private const string Time = "dt:";
    private const string TimeWithOffset = "dto:";

    public override IDictionary<string, object?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return ReadEntries(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, IDictionary<string, object?> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, entry) in value)
        {
            writer.WritePropertyName(name);
            Write(writer, entry);
        }
        writer.WriteEndObject();
    }

    private static Dictionary<string, object?> ReadEntries(JsonElement element) =>
        element.EnumerateObject().ToDictionary(entry => entry.Name, entry => ReadValue(entry.Value));

    private static object? ReadValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => ReadText(element.GetString()!),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(ReadValue).ToList(),
        JsonValueKind.Object => ReadEntries(element),
        _ => null,
    };

    private static object ReadText(string text)
    {
        if (text.StartsWith(Time, StringComparison.Ordinal)
            && DateTime.TryParse(text[Time.Length..], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
            return time;
        if (text.StartsWith(TimeWithOffset, StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text[TimeWithOffset.Length..], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var offset))
            return offset;
        return text;
    }

    private void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case DateTime time:
                writer.WriteStringValue(Time + time.ToString("O", CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(TimeWithOffset + time.ToString("O", CultureInfo.InvariantCulture));
                break;
            case IDictionary<string, object?> entries:
                Write(writer, entries, JsonSerializerOptions.Default);
                break;
            case List<object?> items:
                writer.WriteStartArray();
                items.ForEach(item => Write(writer, item));
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
