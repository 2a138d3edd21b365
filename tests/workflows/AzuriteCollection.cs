namespace Orchestrator.Workflows.Tests;

/// <summary>Test classes of this collection share one Azurite; each test has containers of its own.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<Azurite>
{
    public const string Name = "Azurite";
}
