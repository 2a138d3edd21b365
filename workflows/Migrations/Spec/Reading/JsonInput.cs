using System.Text.Json;
using System.Text.Unicode;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Turns bytes from outside into a JSON object, or into the one fault that keeps them from being one.</summary>
public static class JsonInput
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxDepth = 64;

    /// <summary>Reads an object member by member. <paramref name="read"/> runs only where the bytes are a sound JSON object.</summary>
    /// <returns>The value, or null together with every fault found.</returns>
    public static T? Read<T>(ReadOnlyMemory<byte> body, out IReadOnlyList<SpecFault> faults, Func<ObjectReader, T> read)
        where T : class
    {
        var found = new List<SpecFault>();
        faults = found;
        if (Unsound(body.Span) is { } fault)
        {
            found.Add(fault);
            return null;
        }

        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            found.Add(new SpecFault("", SpecCodes.WrongType, "An object is wanted."));
            return null;
        }

        var root = new ObjectReader(document.RootElement, "", found);
        var value = read(root);
        root.Close();
        return found.Count == 0 ? value : null;
    }

    private static SpecFault? Unsound(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBytes)
            return new SpecFault("", SpecCodes.TooLarge, "The document is larger than 1 MiB.");
        if (!Utf8.IsValid(body))
            return new SpecFault("", SpecCodes.NotJson, "The document is not UTF-8.");

        // A depth limit far above ours, so that too deep is told apart from broken.
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxBytes });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= MaxDepth)
                    return new SpecFault("", SpecCodes.TooDeep, $"The document nests deeper than {MaxDepth} levels.");
                // An escape may name half of a surrogate pair, which only shows when the text is made.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
            }

            return null;
        }
        catch (JsonException broken)
        {
            return new SpecFault("", SpecCodes.NotJson, $"The document is not JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            return new SpecFault("", SpecCodes.NotJson, $"The document holds text that is no Unicode, near byte {reader.TokenStartIndex + 1}.");
        }
    }
}
