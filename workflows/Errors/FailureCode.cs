using System.Text.RegularExpressions;
using Microsoft.DurableTask;

namespace Orchestrator.Workflows.Errors;

/// <summary>Reads the code and the sentence out of a failed step, whatever it was wrapped in on the way.</summary>
public static partial class FailureCode
{
    /// <summary>Given to failures that carry no code of ours: a transient error that outlived its retries, or a defect.</summary>
    public const string Unexpected = "MIG0900";

    private const string Unknown = "(unknown)";

    /// <summary>The code in the text; null where there is none.</summary>
    public static string? Read(string? text) => text is null ? null : Coded().Match(text) is { Success: true } match ? match.Groups["code"].Value : null;

    /// <summary>The code in a failure's details, the outermost first; null where there are no details, or no code in them.</summary>
    public static string? Read(TaskFailureDetails? details) => Texts(details).Select(Read).FirstOrDefault(code => code is not null);

    /// <summary>The code and the sentence behind it. Without a code: <see cref="Unexpected"/> and the innermost message.</summary>
    public static (string Code, string Detail) Explain(Exception failure)
    {
        var texts = Texts(failure).ToList();
        foreach (var text in texts)
            if (Coded().Match(text) is { Success: true } match)
                return (match.Groups["code"].Value, FirstLine(match.Groups["detail"].Value));
        return (Unexpected, texts is [.., var last] ? FirstLine(last) : failure.GetType().Name);
    }

    // The details can be null: an unknown activity fails without any on the Functions worker.
    private static IEnumerable<string> Texts(Exception failure)
    {
        yield return failure.Message;
        if (failure is TaskFailedException { FailureDetails: { } details })
            foreach (var text in Texts(details))
                yield return text;
        else if (failure.InnerException is { } inner)
            foreach (var text in Texts(inner))
                yield return text;
    }

    // On the worker an activity's message is cut at its first ": ": what stands before becomes the error's type, and so our code does.
    private static IEnumerable<string> Texts(TaskFailureDetails? details)
    {
        for (var at = details; at is not null; at = at.InnerFailure)
            yield return at.ErrorType is { Length: > 0 } type && type != Unknown ? $"{type}: {at.ErrorMessage}" : at.ErrorMessage;
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();

    [GeneratedRegex(@"(?<code>MIG\d{4}): (?<detail>.*)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Coded();
}
