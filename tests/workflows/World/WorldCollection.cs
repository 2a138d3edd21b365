namespace Orchestrator.Workflows.Tests;

/// <summary>The tests that share one Azurite and run one after the other: each world runs several servers.</summary>
[CollectionDefinition(Name)]
public sealed class WorldCollection : ICollectionFixture<Azurite>
{
    public const string Name = "world";
}
