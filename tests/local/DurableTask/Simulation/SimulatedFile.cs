namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>
/// A file as running programs see it, and as the platter has it: what was written after the last sync may be lost by a
/// power cut, in part and in any order, down to the bytes of one write.
/// </summary>
public sealed class SimulatedFile
{
    private readonly List<Change> unsynced = [];
    private readonly Bytes seen;
    private readonly Bytes durable;

    public SimulatedFile()
        : this(new Bytes(), new Bytes())
    {
    }

    private SimulatedFile(Bytes seen, Bytes durable) => (this.seen, this.durable) = (seen, durable);

    public long Length => seen.Length;

    public int Read(Span<byte> target, long offset) => seen.Read(target, offset);

    public void Write(ReadOnlySpan<byte> data, long offset) => Do(new Change(offset, data.ToArray()));

    public void Truncate(long length) => Do(new Change(length, null));

    public void Sync()
    {
        unsynced.ForEach(change => change.ApplyTo(durable));
        unsynced.Clear();
    }

    /// <summary>After a kill: the operating system still has what was written, synced or not.</summary>
    public SimulatedFile AfterKill()
    {
        var copy = new SimulatedFile(seen.Copy(), durable.Copy());
        copy.unsynced.AddRange(unsynced);
        return copy;
    }

    /// <summary>After a power cut: of each write since the last sync all, nothing, or a beginning.</summary>
    public SimulatedFile AfterPowerCut(Random random)
    {
        var left = durable.Copy();
        var odds = random.Next(4);
        foreach (var change in unsynced)
        {
            if (random.Next(3) < odds)
                (random.Next(4) == 0 ? change.Torn(random) : change).ApplyTo(left);
        }
        return new SimulatedFile(left, left.Copy());
    }

    private void Do(Change change)
    {
        change.ApplyTo(seen);
        unsynced.Add(change);
    }

    /// <param name="Data">Null: the file is cut or grown to <paramref name="Offset"/>.</param>
    private sealed record Change(long Offset, byte[]? Data)
    {
        public void ApplyTo(Bytes bytes)
        {
            if (Data is null)
                bytes.Resize(Offset);
            else
                bytes.Write(Data, Offset);
        }

        public Change Torn(Random random) => Data is null ? this : this with { Data = Data[..random.Next(Data.Length)] };
    }

    private sealed class Bytes
    {
        private byte[] content = [];

        public long Length { get; private set; }

        public int Read(Span<byte> target, long offset)
        {
            var count = (int)Math.Clamp(Length - offset, 0, target.Length);
            content.AsSpan(count == 0 ? 0 : (int)offset, count).CopyTo(target);
            return count;
        }

        public void Write(ReadOnlySpan<byte> data, long offset)
        {
            Resize(Math.Max(Length, offset + data.Length));
            data.CopyTo(content.AsSpan((int)offset));
        }

        public void Resize(long length)
        {
            if (length > content.Length)
                Array.Resize(ref content, (int)Math.Max(length, content.Length * 2L));
            else if (length < Length)
                Array.Clear(content, (int)length, (int)(Length - length));
            Length = length;
        }

        public Bytes Copy() => new() { content = content[..(int)Length], Length = Length };
    }
}
