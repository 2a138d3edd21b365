namespace Microsoft.DurableTask;

public class ContinueAsNewOptions
{
    public object? NewInput { get; set; }

    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>Null or empty keeps the version.</summary>
    public string? NewVersion { get; set; }
}
