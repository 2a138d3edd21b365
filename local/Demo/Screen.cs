using Spectre.Console;

namespace Orchestrator.Local.Demo;

/// <summary>What a person sees. With <c>--json</c> it goes to standard error, and standard output is left to the result.</summary>
internal sealed class Screen
{
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public Screen(bool json)
    {
        var redirected = json ? System.Console.IsErrorRedirected : System.Console.IsOutputRedirected;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(json ? System.Console.Error : System.Console.Out),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            // Without a terminal the width is unknown; a log is not wrapped.
            Console.Profile.Width = 400;
        }
    }

    /// <summary>Tells nobody anything.</summary>
    public static Screen Silent { get; } = new(new AnsiConsoleOutput(TextWriter.Null));

    private Screen(IAnsiConsoleOutput output) => Console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = output,
        Ansi = AnsiSupport.No,
        Interactive = InteractionSupport.No,
    });

    public IAnsiConsole Console { get; }

    public void Say(string text) => Line(text, "grey70");

    public void Good(string text) => Line(text, "green");

    public void Bad(string text) => Line(text, "red");

    private void Line(string text, string style)
    {
        var at = TimeProvider.System.GetElapsedTime(_started);
        Console.MarkupLine($"[grey]{at.TotalSeconds,6:0.0}[/] [{style}]{Markup.Escape(text)}[/]");
    }
}
