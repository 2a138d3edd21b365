using Orchestrator.Functions.Identity;

namespace Orchestrator.Functions.Tests.World;

/// <summary>Tokens of the people in the tests.</summary>
internal static class People
{
    public static string Starter { get; } = EdgeWorld.Token("dee@contoso.com", Roles.Start);

    public static string Reader { get; } = EdgeWorld.Token("rob@contoso.com", Roles.Read);

    public static string Operator { get; } = EdgeWorld.Token("oli@contoso.com", Roles.Operate);

    public static string Ana { get; } = EdgeWorld.Token("Ana@contoso.com", Roles.Approve);
}
