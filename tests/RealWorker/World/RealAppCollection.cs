namespace Orchestrator.RealWorker.World;

[CollectionDefinition(Name)]
public sealed class RealAppCollection : ICollectionFixture<RealApp>
{
    public const string Name = "The app on its real worker";
}
