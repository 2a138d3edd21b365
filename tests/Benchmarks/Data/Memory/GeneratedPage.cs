using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Orchestrator.Benchmarks.Data.Memory;

/// <summary>A page of a listing, as Azure writes it.</summary>
internal static class GeneratedPage
{
    public const string Time = "Thu, 01 Jan 2026 00:00:00 GMT";
    private const string Md5 = "1B2M2Y8AsgTpgAmY7PhCfg==";
    private const string OldMd5 = "CY9rzUYh03PK3k6DJie09g==";

    public static string NameOf(int number) => $"customers/{number / 1000:D4}/orders/2026/order-{number:D8}.json";

    public static async Task WriteAsync(PipeWriter writer, int first, int end, int names, Func<int, bool> isOld)
    {
        Write("<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"http://127.0.0.1/\" ContainerName=\"c\"><Blobs>");
        for (var number = first; number < end; number++)
        {
            Write($"<Blob><Name>{NameOf(number)}</Name><Properties><Creation-Time>{Time}</Creation-Time><Last-Modified>{Time}</Last-Modified><Etag>0x8D1</Etag>");
            Write($"<Content-Length>{GeneratedStore.ObjectBytes}</Content-Length><Content-Type>application/json</Content-Type><Content-Encoding /><Content-Language />");
            Write($"<Content-CRC64 /><Content-MD5>{(isOld(number) ? OldMd5 : Md5)}</Content-MD5><Cache-Control /><Content-Disposition /><BlobType>BlockBlob</BlobType>");
            Write("<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>");
            Write("<ServerEncrypted>true</ServerEncrypted></Properties><Metadata><customer>4711</customer></Metadata><OrMetadata /></Blob>");
            if (number % 100 == 0) await writer.FlushAsync();
        }

        var marker = end < names ? end.ToString(CultureInfo.InvariantCulture) : "";
        Write($"</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>");
        await writer.FlushAsync();

        void Write(string text) => Encoding.UTF8.GetBytes(text, writer);
    }
}
