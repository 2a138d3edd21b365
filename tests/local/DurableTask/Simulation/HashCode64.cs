namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>FNV-1a: the same in every process, unlike <see cref="HashCode"/>.</summary>
public sealed class HashCode64
{
    public ulong Value { get; private set; } = 14695981039346656037;

    public void Add(params ReadOnlySpan<int> values)
    {
        foreach (var value in values)
            Value = unchecked((Value ^ (uint)value) * 1099511628211);
    }

    public void Add(string text)
    {
        foreach (var letter in text)
            Add(letter);
    }
}
