using Orchestrator.Local.Functions.Durable;

namespace Orchestrator.Local.Functions.Tests;

/// <summary>What the Functions host makes of the text of an activity's exception.</summary>
public sealed class ActivityFailureTests
{
    [Theory]
    [InlineData("MIG0012: the source refuses snapshots", "MIG0012", "the source refuses snapshots")]
    [InlineData("no colon at all", "(unknown)", "no colon at all")]
    [InlineData("http://shop:80 is down", "(unknown)", "http://shop:80 is down")]
    [InlineData("MIG0012: first\nsecond", "MIG0012", "first")]
    [InlineData("one: two: three", "one", "two: three")]
    public void The_type_is_the_text_before_the_first_colon_and_space(string text, string type, string message)
    {
        var details = ActivityFailure.Describe(new InvalidOperationException(text));

        Assert.Equal(type, details.ErrorType);
        Assert.Equal(message, details.ErrorMessage);
        Assert.Null(details.InnerFailure);
        Assert.False(details.IsCausedBy<InvalidOperationException>());
    }

    [Fact]
    public void An_exception_without_a_message_of_its_own_is_known_by_its_type()
    {
        var details = ActivityFailure.Describe(new BareException());

        Assert.Equal(typeof(BareException).FullName, details.ErrorType);
        Assert.Empty(details.ErrorMessage);
    }

    private sealed class BareException : Exception;
}
