using Microsoft.DurableTask;

namespace Orchestrator.Local.Functions.Durable;

/// <summary>
/// What an orchestrator gets to know of an activity's exception. Only the text of it crosses from the worker to the Functions host, which
/// takes what stands before the first ": " for the type: <c>MIG0012: no space</c> arrives as type <c>MIG0012</c> and message <c>no space</c>.
/// </summary>
internal static class ActivityFailure
{
    private const string Unknown = "(unknown)";
    private const string Separator = ": ";
    private const string DefaultStart = "Exception of type '";
    private const string DefaultEnd = "' was thrown.";

    public static TaskFailureDetails Describe(Exception exception)
    {
        var (type, message) = Split(exception.Message);
        return new TaskFailureDetails(type, message, exception.StackTrace, InnerFailure: null, Properties: null);
    }

    private static (string Type, string Message) Split(string text)
    {
        if (text.StartsWith(DefaultStart, StringComparison.Ordinal) && text.EndsWith(DefaultEnd, StringComparison.Ordinal))
            return (text[DefaultStart.Length..^DefaultEnd.Length], string.Empty);
        if (text.IndexOf(Separator, StringComparison.Ordinal) is var end and >= 0)
            return (text[..end].TrimEnd(), FirstLine(text[(end + Separator.Length)..]));
        return (Unknown, text);
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}
