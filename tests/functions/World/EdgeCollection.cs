namespace Orchestrator.Functions.Tests.World;

/// <summary>One host for all the tests that call it: each uses ids of its own.</summary>
[CollectionDefinition(Name)]
public sealed class EdgeCollection : ICollectionFixture<EdgeWorld>
{
    public const string Name = "edge";
}
