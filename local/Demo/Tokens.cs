using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orchestrator.Local.Demo;

/// <summary>The people of the demo, and their bearer tokens, signed with a key that is made anew for every run.</summary>
internal sealed class Tokens
{
    public const string Issuer = "https://login.contoso.com";
    public const string Audience = "api://orchestrator";

    public static readonly Person Eve = new("eve@contoso.com", ["Migrations.Read"]);
    public static readonly Person Dee = new("dee@contoso.com", ["Migrations.Read", "Migrations.Start"]);
    public static readonly Person Oli = new("oli@contoso.com", ["Migrations.Read", "Migrations.Operate"]);
    public static readonly Person Ben = new("ben@contoso.com", ["Migrations.Read", "Migrations.Approve"]);

    public static IReadOnlyList<Person> Everybody { get; } = [Eve, Dee, Oli, Ben];

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(64);

    public string SigningKey => Convert.ToBase64String(_key);

    public string For(Person person) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Audience,
        Expires = DateTime.UtcNow.AddHours(12),
        SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(_key), SecurityAlgorithms.HmacSha256),
        Claims = new Dictionary<string, object>
        {
            ["oid"] = person.ObjectId,
            ["sub"] = person.ObjectId,
            ["name"] = person.Name,
            ["preferred_username"] = person.Name,
            ["roles"] = person.Roles,
        },
    });
}

internal sealed record Person(string Name, string[] Roles)
{
    /// <summary>The same for the same name, as in a directory.</summary>
    public string ObjectId { get; } = new Guid(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Name)).AsSpan(0, 16)).ToString();
}
