namespace Orchestrator.Functions.Identity;

/// <summary>What a caller may do: values of the token's <c>roles</c>. None includes another.</summary>
public static class Roles
{
    public const string Read = "Migrations.Read";
    public const string Start = "Migrations.Start";
    public const string Operate = "Migrations.Operate";
    public const string Approve = "Migrations.Approve";
}
