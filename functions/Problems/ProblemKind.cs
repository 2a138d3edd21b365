using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Problems;

/// <summary>A way in which a call is refused. Each code has its page under docs/errors.</summary>
public sealed record ProblemKind(string Code, int Status, string Title)
{
    public static readonly ProblemKind NotJson = new(SpecCodes.NotJson, 400, "The body is not JSON");
    public static readonly ProblemKind TooLarge = new(SpecCodes.TooLarge, 413, "The body is too large");
    public static readonly ProblemKind TooDeep = new(SpecCodes.TooDeep, 400, "The body nests too deep");
    public static readonly ProblemKind WrongContentType = new(SpecCodes.WrongContentType, 415, "The body is not sent as JSON");
    public static readonly ProblemKind Refused = new(SpecCodes.Refused, 400, "The body has faults");

    public static readonly ProblemKind NoIdentity = new("MIG0020", 401, "Nobody is known to be calling");
    public static readonly ProblemKind LacksRole = new("MIG0021", 403, "The caller lacks the role");
    public static readonly ProblemKind NotAnApprover = new("MIG0022", 403, "The caller is not an approver of this migration");
    public static readonly ProblemKind Requester = new("MIG0023", 403, "Whoever asked for a migration does not approve it");
    public static readonly ProblemKind NoSuchRun = new("MIG0024", 404, "There is no such migration");
    public static readonly ProblemKind NoDocument = new("MIG0025", 404, "There is none yet");
    public static readonly ProblemKind NoSuchApproval = new("MIG0026", 404, "There is no such approval");
    public static readonly ProblemKind IdInUse = new("MIG0027", 409, "The id is in use");
    public static readonly ProblemKind KeyUsedOtherwise = new("MIG0028", 422, "The idempotency key was used with another body");
    public static readonly ProblemKind WrongState = new("MIG0029", 409, "The migration's state does not allow it");
    public static readonly ProblemKind NotPending = new("MIG0030", 409, "The approval is not pending");
    public static readonly ProblemKind OtherDigest = new("MIG0031", 409, "What stands to be approved is not what was seen");
    public static readonly ProblemKind WrongQuery = new("MIG0032", 400, "The query has a fault");
    public static readonly ProblemKind WrongHeader = new("MIG0033", 400, "A header has a fault");
    public static readonly ProblemKind NotAcceptable = new("MIG0034", 406, "There is no such format");

    // One code: whether it is asked for or started again, the same has happened to the run.
    public static readonly ProblemKind Forgotten = new("MIG0035", 404, "The engine no longer knows the migration");
    public static readonly ProblemKind UsedUp = Forgotten with { Status = 409 };

    public static readonly ProblemKind DecisionNotPending = new("MIG0330", 409, "The decision is not pending");
    public static readonly ProblemKind ChoiceNotOffered = new("MIG0331", 409, "The choice is not one of those offered");
    public static readonly ProblemKind DecisionTaken = new("MIG0332", 409, "Somebody has decided already");

    public static readonly ProblemKind Unexpected = new("MIG0040", 500, "Something unexpected happened");
    public static readonly ProblemKind NotReady = new("MIG0041", 503, "The orchestrator is not ready");

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        NotJson, TooLarge, TooDeep, WrongContentType, Refused, NoIdentity, LacksRole, NotAnApprover, Requester, NoSuchRun, NoDocument, NoSuchApproval,
        IdInUse, KeyUsedOtherwise, WrongState, NotPending, OtherDigest, WrongQuery, WrongHeader, NotAcceptable, Forgotten, UsedUp, DecisionNotPending,
        ChoiceNotOffered, DecisionTaken, Unexpected, NotReady,
    ];

    /// <summary>The kind for what is wrong with a body: a single fault of the whole speaks for itself.</summary>
    public static ProblemKind Of(IReadOnlyList<SpecFault> faults) => faults is [{ Pointer: "" } whole]
        ? whole.Code switch
        {
            SpecCodes.NotJson => NotJson,
            SpecCodes.TooLarge => TooLarge,
            SpecCodes.TooDeep => TooDeep,
            _ => Refused,
        }
        : Refused;
}
