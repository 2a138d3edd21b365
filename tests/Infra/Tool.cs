using System.Diagnostics;

namespace Orchestrator.Infra.Tests;

/// <summary>A program that is run once.</summary>
internal static class Tool
{
    public static async Task<(int ExitCode, string Printed, string Said)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEndAsync();
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await printed, said);
    }
}
