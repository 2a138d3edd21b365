using System.Collections.Concurrent;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>A site with its slots. Writes take turns; an operation such as a swap refuses them while it lasts.</summary>
internal sealed class Site(string subscription, string group, string name) : IDisposable
{
    private readonly SemaphoreSlim _writes = new(1, 1);
    private SiteOperation? _operation;

    public string Subscription => subscription;

    public string Group => group;

    public string Name => name;

    public string Id => $"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Web/sites/{name}";

    public string Location { get; set; } = "";

    public string Kind { get; set; } = "app";

    public string? ServerFarmId { get; set; }

    public StickyNames Sticky { get; set; } = new();

    public ConcurrentDictionary<string, SiteSlot> Slots { get; } = new(StringComparer.OrdinalIgnoreCase);

    public SiteSlot Production => Slots[SiteSlot.ProductionName];

    public PreparedSwap? Prepared { get; set; }

    public SiteOperation? Operation => _operation;

    /// <exception cref="ArmException">409: a swap or a deployment is under way.</exception>
    public async Task<IDisposable> WriteAsync(CancellationToken cancellationToken)
    {
        RefuseWhileBusy();
        await _writes.WaitAsync(cancellationToken);
        try
        {
            RefuseWhileBusy();
            return new Turn(_writes);
        }
        catch
        {
            _writes.Release();
            throw;
        }
    }

    /// <summary>Begins an operation that outlives its call. Dispose the result to end it.</summary>
    public IDisposable Begin(SiteOperation operation)
    {
        if (Interlocked.CompareExchange(ref _operation, operation, null) is not null) RefuseWhileBusy();
        return new Busy(this);
    }

    public void RefuseWhileBusy()
    {
        if (_operation is { } busy) throw WebErrors.OperationInProgress(busy.Id, busy.Name, busy.Created, busy.RequestId);
    }

    public void Dispose() => _writes.Dispose();

    private sealed class Turn(SemaphoreSlim writes) : IDisposable
    {
        public void Dispose() => writes.Release();
    }

    private sealed class Busy(Site site) : IDisposable
    {
        public void Dispose() => site._operation = null;
    }
}

internal sealed record SiteOperation(Guid Id, string Name, DateTimeOffset Created, string RequestId);

/// <summary>A swap that stands between its two phases.</summary>
/// <param name="Source">The slot that already runs with the target's sticky settings.</param>
/// <param name="Target">The slot it is meant for.</param>
/// <param name="Before">The source's own configuration, for the way back and for the sticky values of the old app.</param>
internal sealed record PreparedSwap(SiteSlot Source, SiteSlot Target, SlotConfiguration Before);
