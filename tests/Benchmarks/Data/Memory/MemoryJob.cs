using Orchestrator.Workflows.Data;

namespace Orchestrator.Benchmarks.Data.Memory;

/// <summary>What a process is to do while its memory is watched.</summary>
/// <param name="Endpoints">Of the accounts, all with one key.</param>
/// <param name="Verifies">After the sync.</param>
internal sealed record MemoryJob(string[] Endpoints, string Key, DataSet Data, string State, long Objects, long Bytes, bool Verifies);
