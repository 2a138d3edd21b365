using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// Reads the members of one JSON object and notes what is wrong with each, so that one look finds every fault. What is absent or
/// wrong reads as its default; a caller builds its value as if all were well and throws it away when there were faults.
/// </summary>
public sealed class ObjectReader
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly List<SpecFault> _faults;

    internal ObjectReader(JsonElement element, string pointer, List<SpecFault> faults)
    {
        Pointer = pointer;
        _faults = faults;
        foreach (var member in element.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
                Fault(member.Name, SpecCodes.DuplicateMember, "The member stands here twice.");
        }
    }

    public string Pointer { get; }

    public IEnumerable<KeyValuePair<string, JsonElement>> Members => _members;

    public string PointerTo(string member) => $"{Pointer}/{member.Replace("~", "~0").Replace("/", "~1")}";

    public void Fault(string member, string code, string detail) => FaultAt(PointerTo(member), code, detail);

    public void FaultAt(string pointer, string code, string detail) => _faults.Add(new SpecFault(pointer, code, detail));

    public bool Has(string member) => _members.ContainsKey(member);

    /// <summary>Notes a fault where the member is absent.</summary>
    public ObjectReader Requires(params ReadOnlySpan<string> members)
    {
        foreach (var member in members)
        {
            if (!Has(member))
                Fault(member, SpecCodes.Missing, "The member is required.");
        }

        return this;
    }

    /// <summary>Text that is not blank; null where there is none.</summary>
    public string? Text(string member, int maxLength = 256)
    {
        if (Take(member, JsonValueKind.String, "Text") is not { } element)
            return null;
        var text = element.GetString()!;
        if (string.IsNullOrWhiteSpace(text))
            Fault(member, SpecCodes.NotAllowed, "The text is empty.");
        else if (text.Length > maxLength)
            Fault(member, SpecCodes.NotAllowed, $"The text is longer than {maxLength} characters.");
        else if (text.Contains('\0'))
            Fault(member, SpecCodes.NotAllowed, "The text holds a NUL character.");
        else
            return text;
        return null;
    }

    public string? Matching(string member, Regex pattern, string wanted)
    {
        var text = Text(member, maxLength: 4096);
        if (text is null || pattern.IsMatch(text))
            return text;
        Fault(member, SpecCodes.NotAllowed, wanted);
        return null;
    }

    public bool Flag(string member, bool otherwise)
    {
        Known(member);
        if (!_members.TryGetValue(member, out var element))
            return otherwise;
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return element.GetBoolean();
        Fault(member, SpecCodes.WrongType, "True or false is wanted.");
        return otherwise;
    }

    public int Whole(string member, int otherwise, int min, int max)
    {
        if (Take(member, JsonValueKind.Number, "A whole number") is not { } element)
            return otherwise;
        if (element.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        Fault(member, SpecCodes.NotAllowed, $"A whole number from {min} to {max} is wanted.");
        return otherwise;
    }

    /// <summary>A finite number; null where there is none.</summary>
    public double? Number(string member, double min, double max)
    {
        if (Take(member, JsonValueKind.Number, "A number") is not { } element)
            return null;
        if (element.TryGetDouble(out var number) && number >= min && number <= max)
            return number;
        Fault(member, SpecCodes.NotAllowed, string.Create(CultureInfo.InvariantCulture, $"A number from {min} to {max} is wanted."));
        return null;
    }

    /// <summary>A duration above zero; null where there is none.</summary>
    public TimeSpan? Duration(string member, TimeSpan max, bool zero = false)
    {
        if (Take(member, JsonValueKind.String, "An ISO 8601 duration such as PT10M") is not { } element)
            return null;
        if (!IsoDuration.TryParse(element.GetString(), out var duration))
            Fault(member, SpecCodes.NotAllowed, "An ISO 8601 duration without years and months is wanted, such as PT10M or P1D.");
        else if (duration < TimeSpan.Zero || (duration == TimeSpan.Zero && !zero) || duration > max)
            Fault(member, SpecCodes.NotAllowed, $"A duration {(zero ? "from" : "above")} zero and up to {IsoDuration.Format(max)} is wanted.");
        else
            return duration;
        return null;
    }

    /// <summary>A time with its offset, RFC 3339; null where there is none.</summary>
    public DateTimeOffset? Time(string member)
    {
        if (Take(member, JsonValueKind.String, "A time such as 2026-12-01T00:00:00Z") is not { } element)
            return null;
        // Without an offset it would be taken for the server's own time.
        var text = element.GetString()!;
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (hasOffset && text.Contains('T') && element.TryGetDateTimeOffset(out var time))
            return time.ToUniversalTime();
        Fault(member, SpecCodes.NotAllowed, "An RFC 3339 time with its offset is wanted, such as 2026-12-01T00:00:00Z.");
        return null;
    }

    public string? OneOf(string member, params string[] choices)
    {
        if (Take(member, JsonValueKind.String, $"One of {string.Join(", ", choices)}") is not { } element)
            return null;
        var text = element.GetString()!;
        if (choices.Contains(text, StringComparer.Ordinal))
            return text;
        Fault(member, SpecCodes.NotAllowed, $"One of {string.Join(", ", choices)} is wanted.");
        return null;
    }

    /// <summary>The member's own members, by <paramref name="read"/>; null where there is none.</summary>
    public T? Object<T>(string member, Func<ObjectReader, T> read)
        where T : class =>
        Take(member, JsonValueKind.Object, "An object") is { } element ? Nested(element, PointerTo(member), read) : null;

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<T> Objects<T>(string member, int maxCount, Func<ObjectReader, T> read, int minCount = 0)
        where T : class
    {
        var values = new List<T>();
        foreach (var (element, pointer) in Elements(member, minCount, maxCount))
        {
            if (element.ValueKind == JsonValueKind.Object)
                values.Add(Nested(element, pointer, read));
            else
                FaultAt(pointer, SpecCodes.WrongType, "An object is wanted.");
        }

        return values;
    }

    /// <summary>A list of different texts, none of them blank.</summary>
    /// <param name="objection">What is wrong with one of them, if anything is.</param>
    public IReadOnlyList<string> Texts(string member, int maxCount, StringComparer comparer, int minCount = 0, Func<string, (string Code, string Detail)?>? objection = null)
    {
        const int maxLength = 256;
        var values = new List<string>();
        foreach (var (element, pointer) in Elements(member, minCount, maxCount))
        {
            if (element.ValueKind != JsonValueKind.String)
                FaultAt(pointer, SpecCodes.WrongType, "Text is wanted.");
            else if (element.GetString() is not { } text || string.IsNullOrWhiteSpace(text) || text.Length > maxLength || text.Contains('\0'))
                FaultAt(pointer, SpecCodes.NotAllowed, $"Text of 1 to {maxLength} characters is wanted.");
            else if (values.Contains(text, comparer))
                FaultAt(pointer, SpecCodes.SaidTwice, "The text stands in this list twice.");
            else if (objection?.Invoke(text) is { } wrong)
                FaultAt(pointer, wrong.Code, wrong.Detail);
            else
                values.Add(text);
        }

        return values;
    }

    /// <summary>An object that is passed on as it is; only members that stand twice in it are faults.</summary>
    public JsonElement? Free(string member)
    {
        if (Take(member, JsonValueKind.Object, "An object") is not { } element)
            return null;
        CheckDuplicates(element, PointerTo(member));
        return element.Clone();
    }

    /// <summary>Any value at all, which the caller looks at itself.</summary>
    public JsonElement? Any(string member)
    {
        Known(member);
        return _members.TryGetValue(member, out var element) ? element : null;
    }

    /// <summary>Notes a fault for each member that nobody asked for.</summary>
    public void Close()
    {
        foreach (var member in _members.Keys.Where(member => !_known.Contains(member)))
            Fault(member, SpecCodes.UnknownMember, $"There is no such member; there are {string.Join(", ", _known)}.");
    }

    private T Nested<T>(JsonElement element, string pointer, Func<ObjectReader, T> read)
    {
        var reader = new ObjectReader(element, pointer, _faults);
        var value = read(reader);
        reader.Close();
        return value;
    }

    private IEnumerable<(JsonElement Element, string Pointer)> Elements(string member, int minCount, int maxCount)
    {
        if (Take(member, JsonValueKind.Array, "A list") is not { } list)
            return [];
        if (list.GetArrayLength() >= minCount && list.GetArrayLength() <= maxCount)
            return list.EnumerateArray().Select((element, index) => (element, $"{PointerTo(member)}/{index}"));
        Fault(member, SpecCodes.NotAllowed, $"A list of {minCount} to {maxCount} entries is wanted.");
        return [];
    }

    private JsonElement? Take(string member, JsonValueKind kind, string wanted)
    {
        Known(member);
        if (!_members.TryGetValue(member, out var element))
            return null;
        if (element.ValueKind == kind)
            return element;
        Fault(member, SpecCodes.WrongType, element.ValueKind == JsonValueKind.Null ? "Null is not allowed: leave the member out." : $"{wanted} is wanted.");
        return null;
    }

    private void Known(string member)
    {
        if (!_known.Contains(member))
            _known.Add(member);
    }

    private void CheckDuplicates(JsonElement element, string pointer)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
                CheckDuplicates(item, $"{pointer}/{index++}");
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            // The reader notes the duplicates of its own object as it is made.
            var reader = new ObjectReader(element, pointer, _faults);
            foreach (var (name, value) in reader.Members)
                CheckDuplicates(value, reader.PointerTo(name));
        }
    }
}
