using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Benchmarks.Data.Memory;

/// <summary>What a process is to do while its memory is watched.</summary>
/// <param name="Verifies">After the sync.</param>
internal sealed record MemoryJob(BlobAccount[] Accounts, DataSet Data, string State, long Objects, long Bytes, bool Verifies);
