using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.Functions.Discovery;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class DiscoveryTests
{
    [Fact]
    public void A_function_is_described_with_its_bindings_and_parameters()
    {
        var hello = Assert.Single(FunctionFinder.Find([typeof(StaticHttpFunctions)]), function => function.Name is "Hello").Definition;

        Assert.Equal("Orchestrator.Local.Functions.Tests.App.StaticHttpFunctions.Hello", hello.EntryPoint);
        Assert.Equal(["request", "name"], hello.Parameters.Select(parameter => parameter.Name));
        Assert.Equal("httpTrigger", Assert.Single(hello.InputBindings).Value.Type);
        Assert.Equal("http", hello.OutputBindings["$return"].Type);
    }

    [Fact]
    public void Functions_are_looked_for_in_the_assemblies_that_know_of_functions()
    {
        var names = FunctionAssemblies.Of(typeof(DiscoveryTests).Assembly).Select(assembly => assembly.GetName().Name);

        Assert.Equal("Orchestrator.Local.Functions.Tests", Assert.Single(names));
    }

    [Theory]
    [InlineData(typeof(SameName), "Two functions are named Twin", "SameName.First", "SameName.Second")]
    [InlineData(typeof(SameTask), "called by the name Work", "SameTask.First", "SameTask.Second")]
    [InlineData(typeof(NoTrigger), "has 0 triggers", "NoTrigger.Run")]
    [InlineData(typeof(TwoTriggers), "has 2 triggers", "TwoTriggers.Run")]
    [InlineData(typeof(Unfilled), "Nothing fills the parameter Int32 count", "Unfilled.Run")]
    [InlineData(typeof(PocoResponse), "returns String, which nothing writes", "PocoResponse.Run")]
    [InlineData(typeof(AsksForKey), "asks for a key (Function)", "AsksForKey.Run")]
    [InlineData(typeof(BadRoute), "has the route", "BadRoute.Run")]
    [InlineData(typeof(BadName), "is named \"no spaces\"", "BadName.Run")]
    [InlineData(typeof(NotPublic), "is not public", "NotPublic.Run")]
    [InlineData(typeof(AsyncVoid), "async void", "AsyncVoid.Run")]
    [InlineData(typeof(ClientInOrchestrator), "[DurableClient]", "ClientInOrchestrator.Run")]
    [InlineData(typeof(TwoInputs), "more than one input", "TwoInputs.Run")]
    [InlineData(typeof(WrongTriggerType), "it takes a TaskOrchestrationContext", "WrongTriggerType.Run")]
    public void A_function_that_could_not_run_is_refused_by_name(Type function, params string[] said)
    {
        var fault = Assert.Throws<StartException>(() => FunctionFinder.Find([function]));

        Assert.All(said, part => Assert.Contains(part, fault.Message, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Two_functions_that_would_answer_the_same_request_are_refused()
    {
        var fault = Assert.Throws<StartException>(() => TestApp.Build([typeof(SameRoute)]));

        Assert.Contains("SameRoute.First", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SameRoute.Second", fault.Message, StringComparison.Ordinal);
    }

    public static class SameName
    {
        [Function("Twin")]
        public static string First([ActivityTrigger] string input) => input;

        [Function("TWIN")]
        public static string Second([ActivityTrigger] string input) => input;
    }

    public static class SameTask
    {
        [Function("Work")]
        public static string First([ActivityTrigger] string input) => input;

        [Function("Other")]
        public static string Second([ActivityTrigger(Activity = "work")] string input) => input;
    }

    public static class NoTrigger
    {
        [Function("NoTrigger")]
        public static void Run(FunctionContext context) => context.GetLogger("x");
    }

    public static class TwoTriggers
    {
        [Function("TwoTriggers")]
        public static string Run([ActivityTrigger] string input, [TimerTrigger("0 0 * * * *")] TimerInfo timer) => $"{input}{timer}";
    }

    public static class Unfilled
    {
        [Function("Unfilled")]
        public static string Run([ActivityTrigger] string input, string instanceId, int count) => $"{input}{instanceId}{count}";
    }

    public static class PocoResponse
    {
        [Function("PocoResponse")]
        public static Task<string> Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult(request.Method);
    }

    public static class AsksForKey
    {
        [Function("AsksForKey")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request) => Results.Text(request.Method);
    }

    public static class BadRoute
    {
        [Function("BadRoute")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b")] HttpRequest request) => Results.Text(request.Method);
    }

    public static class BadName
    {
        [Function("no spaces")]
        public static string Run([ActivityTrigger] string input) => input;
    }

    public static class NotPublic
    {
        [Function("NotPublic")]
        internal static string Run([ActivityTrigger] string input) => input;
    }

    public static class AsyncVoid
    {
        [Function("AsyncVoid")]
#pragma warning disable MA0155 // That is the fault.
        public static async void Run([ActivityTrigger] string input) => await Task.FromResult(input);
#pragma warning restore MA0155
    }

    public static class ClientInOrchestrator
    {
        [Function("ClientInOrchestrator")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, [DurableClient] DurableTaskClient client) =>
            client.PurgeInstanceAsync(context.InstanceId);
    }

    public static class TwoInputs
    {
        [Function("TwoInputs")]
        public static string Run([OrchestrationTrigger] TaskOrchestrationContext context, string one, string two) => context.Name + one + two;
    }

    public static class WrongTriggerType
    {
        [Function("WrongTriggerType")]
        public static string Run([OrchestrationTrigger] string context) => context;
    }

    public static class SameRoute
    {
        [Function("First")]
        public static IResult First([HttpTrigger(AuthorizationLevel.Anonymous, "get", "put", Route = "x")] HttpRequest request) => Results.Text(request.Method);

        [Function("Second")]
        public static IResult Second([HttpTrigger(AuthorizationLevel.Anonymous, "PUT", Route = "x")] HttpRequest request) => Results.Text(request.Method);
    }
}
