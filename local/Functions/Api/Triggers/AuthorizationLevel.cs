namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which key the Functions host asks of a caller. The local host has no keys: it serves <see cref="Anonymous"/> functions only.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
