using System.Security.Cryptography;
using System.Text;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Data.BlobContainers;

internal static class SyncFolder
{
    /// <summary>Where the state container keeps what a run knows of a data set: for these two containers and no others.</summary>
    public static string Of(string runId, DataSet data)
    {
        var pair = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{data.Source}\n{data.Target}")).AsSpan(0, 6));
        return RunPaths.Of(runId, $"sync/{data.Name}-{pair}/");
    }
}
