using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Storm;

/// <summary>One Azurite for all seeds; each has containers of its own.</summary>
public sealed class BlobServer : IAsyncLifetime
{
    private Azurite? _azurite;

    internal Repository Repository { get; } = Repository.Find();

    internal BlobAccounts Accounts => new(_azurite!.Endpoint, _azurite.Keys);

    /// <summary>Where logs and evidence are kept.</summary>
    internal string Folder => Repository.At("artifacts", "storm");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        _azurite = await Azurite.StartAsync(Repository, Ports.Free(1)[0], Folder, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_azurite is not null) await _azurite.DisposeAsync();
    }
}
