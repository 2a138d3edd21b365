using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Deployments.Expressions;

/// <summary>A parsed template expression.</summary>
internal abstract record Expression
{
    /// <summary>Every function that the expression calls, at any depth.</summary>
    public abstract IEnumerable<Call> Calls();
}

internal sealed record Literal(JsonNode? Value) : Expression
{
    public override IEnumerable<Call> Calls() => [];
}

internal sealed record Call(string Function, IReadOnlyList<Expression> Arguments) : Expression
{
    public override IEnumerable<Call> Calls() => Arguments.SelectMany(argument => argument.Calls()).Prepend(this);
}

/// <summary><c>target.name</c> or <c>target[index]</c>.</summary>
internal sealed record Access(Expression Target, Expression Index) : Expression
{
    public override IEnumerable<Call> Calls() => Target.Calls().Concat(Index.Calls());
}
