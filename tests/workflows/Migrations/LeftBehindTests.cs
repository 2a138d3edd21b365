using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Migrations;

public sealed class LeftBehindTests
{
    [Fact]
    public void A_status_holds_the_first_ten_and_the_beginnings_of_what_they_say()
    {
        var all = Enumerable.Range(1, 12).Select(number => new LeftBehind($"Undo{number}", "MIG0108", number == 1 ? "short" : new string('x', 5_000))).ToList();

        var shown = LeftBehind.InShort(all)!;

        Assert.Equal(all.Take(10).Select(undo => undo.Undo), shown.Select(undo => undo.Undo));
        Assert.Equal("short", shown[0].Detail);
        Assert.All(shown.Skip(1), undo => Assert.Equal((200, '…'), (undo.Detail.Length, undo.Detail[^1])));
        Assert.Null(LeftBehind.InShort([]));
    }
}
