using Azure;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Tells what of a blob store's answers is worth another try, what a permanent failure, and what only means that someone else was faster.</summary>
public static class BlobErrors
{
    /// <summary>The object is not, or no longer, what the listing showed: the next pass sees it as it is now.</summary>
    public static bool IsOvertaken(RequestFailedException error) => error.Status switch
    {
        412 => true,
        404 => error.ErrorCode == BlobErrorCode.BlobNotFound,
        409 => error.ErrorCode == BlobErrorCode.BlobAlreadyExists,
        _ => false,
    };

    /// <summary>No other try would go better.</summary>
    public static bool IsPermanent(RequestFailedException error) => Explain(error).Code is not null;

    /// <summary>The failure that <paramref name="error"/> stands for, with its code and where it happened.</summary>
    public static PermanentFailureException Permanent(RequestFailedException error, string url)
    {
        var (code, what) = Explain(error);
        return new PermanentFailureException(code ?? BlobCodes.Rejected, $"{url}: {what} ({error.Status} {error.ErrorCode})");
    }

    private static (string? Code, string? What) Explain(RequestFailedException error) =>
        (error.Status, error.ErrorCode) switch
        {
            (401 or 403, _) => (BlobCodes.Refused, "the store refused the request; the key or the identity's role is not enough"),
            (404, "ContainerNotFound") => (BlobCodes.NoContainer, "the container does not exist"),
            (404, "ResourceNotFound") => (BlobCodes.UnknownAccount, "the store does not know the account"),
            (409, "AccountIsDisabled") => (BlobCodes.UnknownAccount, "the account is disabled"),
            (413, _) or (409, "BlobAccessTierNotSupportedForAccountType") => (BlobCodes.Rejected, "the store cannot take the object"),
            (507, _) or (_, "InsufficientStorage") => (BlobCodes.Full, "the store is full"),
            (409, "BlobArchived" or "BlobImmutableDueToPolicy") => (BlobCodes.Rejected, "the object cannot be read or changed where it is"),
            (400, "InvalidBlobType") or (409, "InvalidBlobType") => (BlobCodes.UnsupportedObject, "the object there is of another kind"),
            (400, _) => (BlobCodes.Rejected, "the store rejected the request"),
            _ => (null, null),
        };

    /// <summary>Runs <paramref name="work"/> against <paramref name="url"/> and gives what cannot be mended its code.</summary>
    public static async Task<T> ExplainAsync<T>(string url, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (RequestFailedException error) when (IsPermanent(error))
        {
            throw Permanent(error, url);
        }
    }

    internal static PermanentFailureException Permanent(string code, string message) => new(code, message);
}
