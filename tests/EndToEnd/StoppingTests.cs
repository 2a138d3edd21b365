using System.Diagnostics;

namespace Orchestrator.EndToEnd;

[Collection(OneAtATime.Name)]
public sealed class StoppingTests
{
    [Fact]
    public async Task A_demo_that_is_told_to_stop_in_the_middle_leaves_nothing_running()
    {
        await using var demo = DemoProcess.Start("--objects", "50");
        await demo.LogLineAsync("Customers are shopping");
        var started = await DescendantsAsync(demo.Id);

        await demo.InterruptAsync();
        var code = await demo.EndAsync();

        Assert.Equal(1, code);

        // Azurite, the emulator, the functions app and the shop.
        Assert.True(started.Count >= 4, $"{started.Count} processes were seen");
        Assert.Empty((await ProcessesAsync()).Select(process => process.Id).Intersect(started));
    }

    private static async Task<IReadOnlyCollection<int>> DescendantsAsync(int root)
    {
        var processes = await ProcessesAsync();
        var found = new HashSet<int>();
        var parents = new Queue<int>([root]);
        while (parents.TryDequeue(out var parent))
        {
            foreach (var (id, _) in processes.Where(process => process.Parent == parent && found.Add(process.Id)))
            {
                parents.Enqueue(id);
            }
        }

        return found;
    }

    private static async Task<IReadOnlyList<(int Id, int Parent)>> ProcessesAsync()
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-e", "-o", "pid=,ppid="]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var lines = await ps.StandardOutput.ReadToEndAsync();
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(parts => (int.Parse(parts[0]), int.Parse(parts[1])))
                .Where(process => process.Item1 != ps.Id),
        ];
    }
}
