namespace Orchestrator.Local.Demo.Setup;

/// <summary>A medium as it was uploaded: what every copy of it must be.</summary>
internal sealed record StoredMedia(string Name, long Bytes, byte[] Md5, string ContentType);
