using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.Functions.Discovery;

namespace Orchestrator.Local.Functions.Invocation;

/// <summary>Fills the parameters of a function.</summary>
internal sealed class ArgumentBinder(DataConverter converter, Lazy<DurableTaskClient> client)
{
    /// <exception cref="InvalidOperationException">A value does not convert to its parameter's type.</exception>
    public object?[] Bind(LocalFunctionContext context, InvocationRequest request) =>
        [.. context.Function.Parameters.Select(parameter => Value(parameter, context, request))];

    private object? Value(BoundParameter parameter, LocalFunctionContext context, InvocationRequest request) => parameter.Source switch
    {
        ParameterSource.Trigger when parameter.Type == typeof(FunctionContext) => context,
        ParameterSource.Trigger => request.TriggerValue(parameter.Type),
        ParameterSource.Input => ExactlyTyped(parameter, request.Input),
        ParameterSource.BindingData => Converted(parameter, context),
        ParameterSource.DurableClient => client.Value,
        ParameterSource.FunctionContext => context,
        ParameterSource.CancellationToken => context.CancellationToken,
        _ => throw new InvalidOperationException($"No source fills {parameter.Name}."),
    };

    // The worker passes an orchestrator's input on only if its type is the declared one to the letter: to object, to an interface or to a
    // nullable value it is null.
    private static object? ExactlyTyped(BoundParameter parameter, object? input)
    {
        if (input is not null && input.GetType() == parameter.Type)
            return input;
        return OrDefault(parameter);
    }

    private object? Converted(BoundParameter parameter, LocalFunctionContext context)
    {
        if (!context.BindingContext.BindingData.TryGetValue(parameter.Name, out var value) || value is null)
            return OrDefault(parameter);
        if (parameter.Type.IsInstanceOfType(value))
            return value;
        var text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        try
        {
            return (Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type) switch
            {
                var type when type == typeof(string) => text,
                var type when type == typeof(Guid) => Guid.Parse(text),
                var type when type == typeof(DateTimeOffset) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                var type when type == typeof(DateTime) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                var type => converter.Deserialize(text, type),
            };
        }
        catch (Exception fault) when (fault is FormatException or System.Text.Json.JsonException)
        {
            throw new InvalidOperationException(
                $"Cannot convert the parameter '{parameter.Name}' of the function '{context.Function.Name}' to {parameter.Type}.", fault);
        }
    }

    private static object? OrDefault(BoundParameter parameter)
    {
        if (parameter.Parameter.HasDefaultValue)
            return parameter.Parameter.DefaultValue;
        return !parameter.Type.IsValueType || Nullable.GetUnderlyingType(parameter.Type) is not null
            ? null
            : throw new InvalidOperationException(
                $"Nothing came for the parameter '{parameter.Name}', which is neither nullable nor has a default value.");
    }
}
