using System.Runtime.CompilerServices;
using Microsoft.DurableTask.Converters;
using Orchestrator.Local.DurableTask.Execution;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class ExternalEventBufferTests
{
    private readonly ExternalEvents events = new(JsonDataConverter.Default);

    [Fact]
    public async Task What_nobody_has_taken_is_left_in_the_order_in_which_it_came()
    {
        string[] names = ["a", "B", "A", "b", "c", "a", "C"];
        for (var n = 0; n < names.Length; n++)
            events.Raise(names[n], $"{n}");

        Assert.Equal(1, await events.WaitAsync<int>("b", CancellationToken.None));
        Assert.Equal(0, await events.WaitAsync<int>("A", CancellationToken.None));

        Assert.Equal([("A", "2"), ("b", "3"), ("c", "4"), ("a", "5"), ("C", "6")], events.TakeBuffered());
        Assert.Empty(events.TakeBuffered());
    }

    [Fact]
    public async Task Hundreds_of_thousands_of_events_that_wait_are_taken_in_their_order()
    {
        for (var n = 0; n < 300_000; n++)
            events.Raise("n", $"{n}");

        for (var n = 0; n < 300_000; n++)
            Assert.Equal(n, await events.WaitAsync<int>("n", CancellationToken.None));
    }

    [Fact]
    public void A_token_does_not_hold_the_waits_that_have_ended()
    {
        using var source = new CancellationTokenSource();
        var ended = WaitAndRaise(source.Token);

        GC.Collect();

        Assert.False(ended.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference WaitAndRaise(CancellationToken token)
    {
        var wait = events.WaitAsync<int>("n", token);
        events.Raise("n", "1");
        Assert.True(wait.IsCompletedSuccessfully);
        // The stack of waits may keep its last entry until the next takes the place.
        _ = events.WaitAsync<int>("n", CancellationToken.None);
        return new WeakReference(wait);
    }
}
