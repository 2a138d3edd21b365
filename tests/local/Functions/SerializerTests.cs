using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class SerializerTests
{
    private const string Expected = """{"Color":"green"}""";

    [Fact]
    public async Task Inputs_and_outputs_are_written_with_the_workers_serializer()
    {
        var options = new JsonSerializerOptions { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

        var ended = await PaintAsync(
            new Wall(Color.Green), builder => builder.Services.Configure<WorkerOptions>(worker => worker.Serializer = new JsonObjectSerializer(options)));

        Assert.Equal(Expected, ended.SerializedOutput);
    }

    [Fact]
    public async Task The_default_serializer_takes_the_apps_JsonSerializerOptions_and_reads_names_in_any_case()
    {
        var ended = await PaintAsync(new { color = Color.Green }, builder => builder.Services.Configure<JsonSerializerOptions>(
            json => json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase))));

        Assert.Equal(Expected, ended.SerializedOutput);
    }

    [Fact]
    public async Task The_options_of_ASP_NET_Core_have_no_say_in_it()
    {
        var ended = await PaintAsync(new Wall(Color.Green), builder => builder.Services.ConfigureHttpJsonOptions(
            http => http.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase))));

        Assert.Equal("""{"Color":1}""", ended.SerializedOutput);
    }

    private static async Task<OrchestrationMetadata> PaintAsync(object wall, Action<FunctionsApplicationBuilder> configure)
    {
        await using var app = await TestApp.StartAsync([typeof(Painting), typeof(StaticHttpFunctions)], configure);
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Painting.Paint), wall);
        var ended = await app.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        return ended;
    }

    public enum Color
    {
        Red,
        Green,
    }

    public sealed record Wall(Color Color);

    public static class Painting
    {
        [Function(nameof(Paint))]
        public static Task<Wall> Paint([OrchestrationTrigger] TaskOrchestrationContext context, Wall wall) =>
            context.CallActivityAsync<Wall>(nameof(PaintWall), wall);

        [Function(nameof(PaintWall))]
        public static Wall PaintWall([ActivityTrigger] Wall wall) => wall;
    }
}
