using Orchestrator.Local.Demo.Customers;
using Orchestrator.Local.Demo.Results;

namespace Orchestrator.Benchmarks.CutOver;

/// <summary>One run, and what its customers saw.</summary>
/// <param name="Began">Since the customers came.</param>
/// <param name="Ended">Since the customers came.</param>
internal sealed record RunUnderLoad(Result Found, Arrivals Customers, TimeSpan Began, TimeSpan Ended)
{
    public bool HasSucceeded => Found is { Status: "succeeded", ServedVersion: "v2", Swaps: 1 };

    public int Begun => Customers.Begun;

    public TimeSpan Time => Customers.Time;

    /// <summary>From the first refused write to the last: the pause as customers saw it.</summary>
    public TimeSpan RefusedFor => Customers.Ledger.RefusedFor;

    public TimeSpan Latest => Customers.Latest;

    public IEnumerable<TimeSpan> Before => Times(response => response.At < Began);

    public IEnumerable<TimeSpan> During => Times(response => response.At >= Began && response.At < Ended);

    public IEnumerable<TimeSpan> After => Times(response => response.At >= Ended);

    private IEnumerable<TimeSpan> Times(Func<ResponseTime, bool> when) => Customers.Ledger.Responses.Where(when).Select(response => response.Took);
}
