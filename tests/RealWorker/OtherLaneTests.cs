namespace Orchestrator.RealWorker;

/// <summary>Stands in for all tests here where the real packages are not what is built against.</summary>
public sealed class OtherLaneTests
{
    [Fact(Skip = "Run with ./eng/test.sh tests/RealWorker, or with -p:FunctionsHost=Azure.")]
    public void The_app_starts_on_the_real_worker()
    {
    }
}
