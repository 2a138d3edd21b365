namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>Runs the package of a slot. The emulator asks for a new instance on every restart and stops the old one when it is idle.</summary>
public interface ISlotRuntime
{
    /// <summary>Starts an instance; returns as soon as it was launched. Whether it answers is found out by asking it.</summary>
    Task<ISlotInstance> StartAsync(SlotStart start, CancellationToken cancellationToken);
}

/// <summary>One running copy of an app. Disposing stops it.</summary>
public interface ISlotInstance : IAsyncDisposable
{
    /// <summary>Where it listens, plain HTTP.</summary>
    Uri Address { get; }

    int? ProcessId { get; }

    /// <summary>Ends when the instance is no more, whatever the cause.</summary>
    Task Exited { get; }
}

/// <summary>What to run.</summary>
/// <param name="Site">The site's name.</param>
/// <param name="Slot">The slot's name; <c>production</c> for the site itself.</param>
/// <param name="ContentRoot">The directory that the package was unpacked to.</param>
/// <param name="CommandLine">The start command of the configuration; null means to find out from the content.</param>
/// <param name="Environment">App settings and connection strings, and what App Service adds to them.</param>
/// <param name="LogFile">Where output belongs.</param>
public sealed record SlotStart(
    string Site,
    string Slot,
    string ContentRoot,
    string? CommandLine,
    IReadOnlyDictionary<string, string> Environment,
    string LogFile);
