using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Orchestrator.Local.Functions.Tests;

/// <summary>The app of <see cref="Program"/> as a process, in a folder of its own.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder errors = new();

    private AppProcess(Process process) => this.process = process;

    public string Errors => errors.ToString();

    public StreamWriter Input => process.StandardInput;

    public static AppProcess Start(TestFolder folder, string urls = "http://127.0.0.1:0")
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", typeof(Program).Assembly.Location },
            WorkingDirectory = folder.Path,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LocalHost__Urls"] = urls },
        };
        var app = new AppProcess(new Process { StartInfo = start });
        app.process.OutputDataReceived += (_, line) => app.lines.Writer.TryWrite(line.Data ?? string.Empty);
        app.process.ErrorDataReceived += (_, line) => app.errors.Append(line.Data is null ? null : line.Data + "\n");
        app.process.Start();
        app.process.BeginOutputReadLine();
        app.process.BeginErrorReadLine();
        return app;
    }

    /// <summary>The first line from here on that has the text in it.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
            if (await lines.Reader.ReadAsync(limit.Token) is var line && line.Contains(text, StringComparison.Ordinal))
                return line;
    }

    public async Task<Uri> AddressAsync()
    {
        var line = await LineAsync("Listening on ");
        return new Uri(line.Split("Listening on ")[1].Split(',')[0]);
    }

    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
