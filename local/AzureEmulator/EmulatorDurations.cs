namespace Orchestrator.Local.AzureEmulator;

/// <summary>How long things take at least. Azure needs minutes for some of them; a local run need not wait.</summary>
public sealed record EmulatorDurations
{
    public TimeSpan SiteWrite { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan ApplySlotConfig { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Added to the time that restarting and warming up really take.</summary>
    public TimeSpan Swap { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan StorageAccountWrite { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan GroupDelete { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What each resource of a deployment adds to the time its own write takes.</summary>
    public TimeSpan DeploymentStep { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a new process may take until it answers.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>One warm-up request of a swap; there are five tries.</summary>
    public TimeSpan WarmUpPing { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a replaced process may finish the requests that it has.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the front end keeps a request for a slot that is starting.</summary>
    public TimeSpan HoldLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause before a slot that keeps failing is started again; it doubles with every failure, up to 16 times this.</summary>
    public TimeSpan RestartBackoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Nothing takes longer than the work itself: for tests.</summary>
    public static EmulatorDurations Instant { get; } = new()
    {
        SiteWrite = TimeSpan.Zero,
        ApplySlotConfig = TimeSpan.Zero,
        Swap = TimeSpan.Zero,
        StorageAccountWrite = TimeSpan.Zero,
        GroupDelete = TimeSpan.Zero,
        DeploymentStep = TimeSpan.Zero,
    };
}
