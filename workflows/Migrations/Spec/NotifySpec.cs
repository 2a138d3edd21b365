namespace Orchestrator.Workflows.Migrations;

/// <summary>A webhook that is told of a run's events.</summary>
public sealed record NotifySpec
{
    public required string Url { get; init; }

    /// <summary>The events' names; <c>*</c> for all.</summary>
    public IReadOnlyList<string> Events { get; init; } = ["*"];

    /// <summary>The name, never the value, of the secret that signs the calls.</summary>
    public string? SecretName { get; init; }
}

public sealed record ContactsSpec
{
    public string? Support { get; init; }

    public string? Owner { get; init; }
}
