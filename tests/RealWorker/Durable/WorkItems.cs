using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.DurableTask.Protobuf;
using Orchestrator.RealWorker.Host.Protocol;
using ActivityResult = Microsoft.DurableTask.Protobuf.ActivityResponse;

namespace Orchestrator.RealWorker.Durable;

/// <summary>
/// Takes work from the back end and has the worker do it as the durable extension does: an orchestrator gets its history as base64 of an OrchestratorRequest and
/// returns an OrchestratorResponse, an activity gets its input as JSON. What the extension makes of a failed activity is made of it here too.
/// </summary>
internal sealed class WorkItems : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly GrpcChannel _channel;
    private readonly TaskHubSidecarService.TaskHubSidecarServiceClient _backEnd;
    private readonly Func<string, string, CancellationToken, Task<InvocationResponse>> _invoke;
    private readonly Task _taking;

    private WorkItems(Uri address, Func<string, string, CancellationToken, Task<InvocationResponse>> invoke)
    {
        _channel = GrpcChannel.ForAddress(address);
        _backEnd = new TaskHubSidecarService.TaskHubSidecarServiceClient(_channel);
        _invoke = invoke;
        _taking = TakeAsync();
    }

    /// <param name="invoke">Has the worker run a function by its name on the trigger's data.</param>
    public static WorkItems Start(Uri address, Func<string, string, CancellationToken, Task<InvocationResponse>> invoke) => new(address, invoke);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _taking;
        _channel.Dispose();
        _stop.Dispose();
    }

    private async Task TakeAsync()
    {
        var running = new List<Task>();
        try
        {
            using var items = _backEnd.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: _stop.Token);
            await foreach (var item in items.ResponseStream.ReadAllAsync(_stop.Token))
            {
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                running.Add(Task.Run(() => DoAsync(item), _stop.Token));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Stopping; what is under way ends with the worker.
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task DoAsync(WorkItem item) => item.RequestCase switch
    {
        WorkItem.RequestOneofCase.OrchestratorRequest => OrchestrateAsync(item.OrchestratorRequest),
        WorkItem.RequestOneofCase.ActivityRequest => ActAsync(item.ActivityRequest),
        _ => throw new NotSupportedException($"Nothing here does {item.RequestCase}."),
    };

    private async Task OrchestrateAsync(OrchestratorRequest request)
    {
        var name = request.PastEvents.Concat(request.NewEvents).Select(past => past.ExecutionStarted?.Name).First(started => started is not null)!;
        var answer = await _invoke(name, request.ToByteString().ToBase64(), _stop.Token);
        if (answer.Result.Status != StatusResult.Types.Status.Success) throw new InvalidOperationException($"{name}: {answer.Result.Exception?.Message}");
        await _backEnd.CompleteOrchestratorTaskAsync(OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer.ReturnValue.String)), cancellationToken: _stop.Token);
    }

    private async Task ActAsync(ActivityRequest request)
    {
        var answer = await _invoke(request.Name, Input(request), _stop.Token);
        var result = new ActivityResult { InstanceId = request.OrchestrationInstance.InstanceId, TaskId = request.TaskId };
        if (answer.Result.Status == StatusResult.Types.Status.Success) result.Result = Json(answer.ReturnValue);
        else result.FailureDetails = Failure(answer.Result.Exception?.Message ?? "");
        await _backEnd.CompleteActivityTaskAsync(result, cancellationToken: _stop.Token);
    }

    private static string? Json(TypedData? value) => value?.DataCase switch
    {
        TypedData.DataOneofCase.Json => value.Json,
        TypedData.DataOneofCase.String => JsonSerializer.Serialize(value.String),
        TypedData.DataOneofCase.Int => JsonSerializer.Serialize(value.Int),
        TypedData.DataOneofCase.Double => JsonSerializer.Serialize(value.Double),
        _ => null,
    };

    // Scheduled as an array of the one input.
    private static string Input(ActivityRequest request) => JsonDocument.Parse(request.Input).RootElement[0].GetRawText();

    // The worker's extension puts the failure into the exception's message, as JSON in one line: OutOfProcMiddleware of the host's extension reads it from there.
    private static TaskFailureDetails Failure(string exception) => exception.StartsWith('{')
        ? new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<TaskFailureDetails>(exception.Split('\n')[0])
        : throw new InvalidOperationException($"The worker told a failure in no way that is known here: {exception}");
}
