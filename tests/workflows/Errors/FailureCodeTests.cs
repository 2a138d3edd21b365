using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Tests.Errors;

public sealed class FailureCodeTests
{
    [Fact]
    public void A_code_is_read_through_what_the_worker_wraps_around_it()
    {
        var details = new TaskFailureDetails("(unknown)", "Task 'EnsureSlot' (#4) failed with an unhandled exception: MIG0220: The slot is another's.", null, null, null);
        var failure = new TaskFailedException("EnsureSlot", 4, details);

        var (code, detail) = FailureCode.Explain(failure);

        Assert.Equal("MIG0220", code);
        Assert.Equal("The slot is another's.", detail);
    }

    [Fact]
    public void A_code_that_the_worker_took_for_the_errors_type_is_still_read()
    {
        var inner = new TaskFailureDetails("MIG0220", "The slot is another's.", null, null, null);
        var details = new TaskFailureDetails("Microsoft.DurableTask.TaskFailedException", "Task 'EnsureSlot' (#4) failed with an unhandled exception: The slot is another's.", null, inner, null);

        Assert.Equal(("MIG0220", "The slot is another's."), FailureCode.Explain(new TaskFailedException("ProvisionOrchestrator", 4, details)));
        Assert.Equal("MIG0220", FailureCode.Read(details));
    }

    [Fact]
    public void A_failure_without_details_is_still_explained()
    {
        var failure = new TaskFailedException("Unknown", 1, (TaskFailureDetails)null!);

        var (code, detail) = FailureCode.Explain(failure);

        Assert.Equal(FailureCode.Unexpected, code);
        Assert.NotEqual("", detail);
    }

    [Fact]
    public void The_innermost_message_explains_a_failure_without_a_code()
    {
        var failure = new InvalidOperationException("outer", new IOException("the disk is full"));

        Assert.Equal((FailureCode.Unexpected, "the disk is full"), FailureCode.Explain(failure));
    }

    [Theory]
    [InlineData("MIG0012: no", "MIG0012")]
    [InlineData("MIG12: no", null)]
    [InlineData("nothing", null)]
    [InlineData(null, null)]
    public void Only_a_code_of_four_digits_before_a_colon_is_one(string? text, string? code) => Assert.Equal(code, FailureCode.Read(text));
}
