using System.Net;

namespace Shop;

/// <summary>Serves the media container; the name is the blob's, decoded once.</summary>
internal static class MediaEndpoints
{
    public static void MapMedia(this WebApplication app) => app.MapMethods("/media/{**name}", ["GET", "HEAD"], StreamAsync);

    private static async Task StreamAsync(string? name, HttpContext context, ShopSettings settings, BlobHttp http)
    {
        var method = HttpMethods.IsHead(context.Request.Method) ? HttpMethod.Head : HttpMethod.Get;
        using var blob = await http.SendAsync(settings.Media, Compose, context.RequestAborted);
        if (blob.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest || string.IsNullOrEmpty(name))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var response = context.Response;
        response.StatusCode = (int)blob.StatusCode;
        response.Headers.ETag = blob.Headers.ETag?.ToString();
        if (!blob.IsSuccessStatusCode)
        {
            return;
        }

        response.ContentType = blob.Content.Headers.ContentType?.ToString();
        response.ContentLength = blob.Content.Headers.ContentLength;
        if (method == HttpMethod.Get)
        {
            await blob.Content.CopyToAsync(response.Body, context.RequestAborted);
        }

        HttpRequestMessage Compose()
        {
            var request = settings.Media.Request(method, name ?? "");
            if (context.Request.Headers.IfNoneMatch is { Count: > 0 } tags)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", tags.ToString());
            }

            return request;
        }
    }
}
