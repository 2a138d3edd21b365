namespace Orchestrator.Local.Demo.Setup;

/// <summary>Chooses real files of every size, the largest too, and gives some of them names that break careless code.</summary>
internal static class MediaCatalog
{
    private const int Largest = 5;

    private static readonly Func<int, string>[] OddNames =
    [
        i => $"odd/with spaces {i}.txt",
        i => $"odd/100% wool {i}.txt",
        i => $"odd/literal%20percent%2F{i}.txt",
        i => $"odd/plus+and&equals={i}.js",
        i => $"odd/#hash?question={i}.html",
        i => $"odd/größe-日本語-😀-{i}.png",
        i => $"odd/CASE-{i}.Txt",
        i => $"odd/case-{i}.txt",
        i => $"odd/quote'(parens)[{i}]~!.json",
        i => $"odd/deep/{string.Join('/', Enumerable.Repeat("d", 40))}/{i}",
    ];

    public static IReadOnlyList<MediaFile> Choose(string folder, int count)
    {
        // Symbolic links (node_modules/.bin) would come twice.
        var files = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Order(StringComparer.Ordinal).ToArray();
        var odd = Math.Min(count, Math.Max(2 * OddNames.Length, count / 50));
        var empty = Math.Min(odd, Math.Max(1, odd / 10));
        var plain = count - odd;
        if (files.Length < count)
        {
            throw new DemoException($"--objects {count} is more than the {files.Length} files of the installed npm packages.");
        }

        var bySize = files.OrderByDescending(file => new FileInfo(file).Length).Take(Math.Min(Largest, plain)).ToArray();
        var others = files.Except(bySize, StringComparer.Ordinal).ToArray();
        var step = others.Length / (double)Math.Max(1, count - bySize.Length);
        var spread = Enumerable.Range(0, count - bySize.Length).Select(i => others[(int)(i * step)]).ToArray();

        return
        [
            .. bySize.Concat(spread.Take(plain - bySize.Length)).Select(file => new MediaFile(Relative(folder, file), file)),
            .. spread.Skip(plain - bySize.Length).Select((file, i) =>
                new MediaFile(OddNames[i % OddNames.Length](i / OddNames.Length), i < empty ? "" : file)),
        ];
    }

    private static string Relative(string folder, string file) =>
        Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
}
