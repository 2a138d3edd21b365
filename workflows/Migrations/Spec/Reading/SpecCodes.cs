namespace Orchestrator.Workflows.Migrations;

/// <summary>The codes of what can be wrong with a document.</summary>
public static class SpecCodes
{
    public const string NotJson = "MIG0001";
    public const string TooLarge = "MIG0002";
    public const string TooDeep = "MIG0003";
    public const string WrongContentType = "MIG0004";

    /// <summary>The document as a whole is refused; the faults are listed one by one.</summary>
    public const string Refused = "MIG0005";

    public const string UnknownMember = "MIG0006";
    public const string DuplicateMember = "MIG0007";
    public const string WrongType = "MIG0008";
    public const string Missing = "MIG0009";
    public const string NotAllowed = "MIG0010";
    public const string NotASite = "MIG0011";
    public const string NotAUrl = "MIG0012";
    public const string SaidTwice = "MIG0013";
    public const string SourceIsTarget = "MIG0014";
    public const string QuorumOutOfReach = "MIG0015";
    public const string WrongWindow = "MIG0016";
    public const string ImpossibleWindow = "MIG0017";
    public const string WrongGate = "MIG0018";
}
