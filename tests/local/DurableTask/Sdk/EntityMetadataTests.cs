using System.Text.Json;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Entities;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

public sealed class EntityMetadataTests
{
    private static readonly EntityInstanceId Id = new("counter", "shop");

    [Fact]
    public void In_json_nothing_stands_that_was_not_read()
    {
        var bare = new EntityMetadata<int[]>(Id);
        var full = new EntityMetadata<int[]>(Id, [1, 2]) { BacklogQueueSize = 3, LockedBy = "one" };

        Assert.Equal(["Id", "LastModifiedTime"], Names(bare));
        Assert.Equal(["Id", "LastModifiedTime", "BacklogQueueSize", "LockedBy", "State"], Names(full));
        Assert.EndsWith(""","State":[1,2]}""", JsonSerializer.Serialize(full), StringComparison.Ordinal);
    }

    [Fact]
    public void In_json_serialized_state_stays_as_it_is()
    {
        var metadata = new EntityMetadata(Id, new SerializedData("""{"n":1}""", JsonDataConverter.Default));

        Assert.Equal("""{"n":1}""", JsonSerializer.SerializeToElement(metadata).GetProperty("State").GetString());
    }

    private static string[] Names(object metadata) => [.. JsonSerializer.SerializeToElement(metadata, metadata.GetType()).EnumerateObject().Select(member => member.Name)];
}
