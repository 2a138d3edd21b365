using Microsoft.Data.Sqlite;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

public sealed class SimulatedDiskTests
{
    [Theory]
    [InlineData("FULL", 20, 20)]
    [InlineData("NORMAL", 0, 19)]
    [InlineData("OFF", 0, 19)]
    public void A_power_cut_takes_what_was_not_synced(string synchronous, int atLeast, int atMost)
    {
        using var disk = new SimulatedDisk($"/cut-{synchronous}");
        using (var connection = Open(disk))
        {
            Execute(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE T (X); PRAGMA synchronous={synchronous}");
            for (var n = 0; n < 20; n++)
                Execute(connection, $"INSERT INTO T VALUES ({n})");
            disk.CutPower(new Random(5));
        }

        Assert.InRange(Count(disk), atLeast, atMost);
    }

    [Fact]
    public void A_kill_takes_nothing_that_was_committed()
    {
        using var disk = new SimulatedDisk("/kill");
        using (var connection = Open(disk))
        {
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE TABLE T (X)");
            Execute(connection, "INSERT INTO T VALUES (1)");
            disk.Kill();
            Execute(connection, "INSERT INTO T VALUES (2)");
        }

        Assert.Equal(1, Count(disk));
    }

    [Fact]
    public void A_write_that_fails_fails_the_commit_and_nothing_else()
    {
        using var disk = new SimulatedDisk("/fails");
        using var connection = Open(disk);
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE T (X)");

        disk.Fails = () => true;
        Assert.Throws<SqliteException>(() => Execute(connection, "INSERT INTO T VALUES (1)"));
        disk.Fails = () => false;
        Execute(connection, "INSERT INTO T VALUES (2)");

        Assert.Equal(1, Count(disk));
    }

    private static SqliteConnection Open(SimulatedDisk disk)
    {
        var connection = new SqliteConnection($"Data Source=file:{disk.StateFile}?vfs={SimulatedVfs.Name};Pooling=False");
        connection.Open();
        return connection;
    }

#pragma warning disable CA2100 // Only constants.
    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
#pragma warning restore CA2100

    private static long Count(SimulatedDisk disk)
    {
        using var connection = Open(disk);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM T";
        return (long)command.ExecuteScalar()!;
    }
}
