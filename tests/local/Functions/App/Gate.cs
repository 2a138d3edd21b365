namespace Orchestrator.Local.Functions.Tests.App;

/// <summary>Holds a function up, and tells the test that it has come, and how it left.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource<string> entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> Entered => entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task<string> Left => left.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Enter(string who) => entered.TrySetResult(who);

    public void Leave(string how) => left.TrySetResult(how);

    public void Open() => opened.TrySetResult();

    public Task OpenedAsync(CancellationToken cancellationToken) => opened.Task.WaitAsync(cancellationToken);
}
