using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests.Data;

public sealed class ObjectEqualityTests
{
    [Fact]
    public void With_an_md5_on_both_sides_times_do_not_matter()
    {
        var original = Listed.Object(md5: "m1", lastModified: Listed.Noon);

        Assert.True(ObjectEquality.IsCopyOf(Listed.Object(md5: "m1", lastModified: Listed.Noon.AddDays(-1)), original));
        Assert.False(ObjectEquality.IsCopyOf(Listed.Object(md5: "m2", lastModified: Listed.Noon.AddDays(1)), original));
    }

    [Theory, InlineData(-1, false), InlineData(0, false), InlineData(1, true)]
    public void Without_an_md5_only_a_strictly_younger_copy_is_trusted(int seconds, bool trusted)
    {
        var copy = Listed.Object(lastModified: Listed.Noon.AddSeconds(seconds));

        Assert.Equal(trusted, ObjectEquality.IsCopyOf(copy, Listed.Object(md5: "only here")));
    }

    [Fact]
    public void Size_headers_and_metadata_must_agree()
    {
        var original = Listed.Object(md5: "m");

        Assert.False(ObjectEquality.IsCopyOf(original with { Size = 4 }, original));
        Assert.False(ObjectEquality.IsCopyOf(original with { Headers = original.Headers with { CacheControl = "no-store" } }, original));
        Assert.False(ObjectEquality.IsCopyOf(original with { Metadata = new Dictionary<string, string> { ["k"] = "v" } }, original));
    }

    [Theory, InlineData("a/./b"), InlineData(".."), InlineData("a/..")]
    public void A_name_that_no_client_can_ask_for_is_an_obstacle(string name) => Assert.NotNull(Listed.Object(name).Obstacle);

    [Theory, InlineData("a/.b"), InlineData("..."), InlineData("a.")]
    public void Dots_that_are_not_a_whole_segment_are_none(string name) => Assert.Null(Listed.Object(name).Obstacle);
}
