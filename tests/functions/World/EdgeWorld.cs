using System.IdentityModel.Tokens.Jwt;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;
using Orchestrator.Functions.Telemetry;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.World;

/// <summary>The edge on the local host, over real HTTP, with a migration that does what it is told and documents in memory.</summary>
public sealed class EdgeWorld : IAsyncLifetime
{
    public const string Issuer = "https://tests.localhost";
    public const string Audience = "orchestrator";

    public static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-");
    private IHost _host = null!;

    /// <summary>More settings of the app; to be said before it starts.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>More services of the app; to be said before it starts.</summary>
    public Action<IServiceCollection> MoreServices { get; set; } = _ => { };

    public HttpClient Http { get; private set; } = null!;

    public MemoryDocuments Documents { get; } = new();

    public DurableTaskClient Client => _host.DurableClient();

    /// <summary>One of the edge's services.</summary>
    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>The methods of the edge that are functions, and what triggers each.</summary>
    public static IEnumerable<(Type Class, HttpTriggerAttribute Trigger)> Calls =>
        from type in typeof(EdgeServices).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where method.GetCustomAttribute<FunctionAttribute>() is not null && trigger is not null
        select (type, trigger);

    public async Task InitializeAsync()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "host.json"), Path.Combine(_folder.FullName, "host.json"));
        var builder = LocalFunctionsApplication.CreateBuilder(new LocalHostOptions
        {
            Classes = [.. Calls.Select(call => call.Class), typeof(FakeMigration), typeof(FakeStep)],
            Folder = _folder.FullName,
            Settings = new Dictionary<string, string?>(Settings)
            {
                ["LocalHost__Urls"] = "http://127.0.0.1:0",
                ["LocalHost__StateFile"] = Path.Combine(_folder.FullName, "state.db"),
                ["LocalHost__ReplayFromStart"] = "true",
                ["Auth__SigningKey"] = Convert.ToBase64String(Key),
                ["Auth__Issuer"] = Issuer,
                ["Auth__Audience"] = Audience,
            },
        });
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<IDocumentStore>(Documents).AddSingleton<RunDocuments>().AddEdge(builder.Configuration).AddTelemetry(builder.Configuration);
        MoreServices(builder.Services);
        _host = builder.Build();
        await _host.StartAsync();
        Http = new HttpClient { BaseAddress = _host.Address() };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    public static string Token(string person, params string[] roles) => Token(person, roles, Key);

    public static string Token(
        string? person, string[] roles, byte[] key, string issuer = Issuer, string audience = Audience, TimeSpan? expiresIn = null, string algorithm = SecurityAlgorithms.HmacSha256)
    {
        var claims = roles.Select(role => new Claim("roles", role)).ToList();
        if (person is not null)
            claims.Add(new Claim("preferred_username", person));
        var expires = DateTime.UtcNow + (expiresIn ?? TimeSpan.FromHours(1));
        var token = new JwtSecurityToken(issuer, audience, claims, expires - TimeSpan.FromHours(2), expires, new SigningCredentials(new SymmetricSecurityKey(key), algorithm));
        return new JwtSecurityTokenHandler().WriteToken(token);
    }

    public Task<Reply> GetAsync(string path, string token, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, token, content: null, headers);

    public Task<Reply> PostAsync(string path, string token, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, token, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public async Task<Reply> SendAsync(HttpMethod method, string path, string? token, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = content;
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        return new Reply(response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Starts a run and waits until it runs.</summary>
    public async Task<string> StartRunAsync(string id, string? spec = null)
    {
        var reply = await PostAsync("/api/migrations", People.Starter, spec ?? Specs.LeastOf(id));
        Assert.Equal(202, reply.Status);
        await Client.WaitForInstanceStartAsync(id);
        return id;
    }

    /// <summary>Makes the run show a state, and waits until it does.</summary>
    public async Task SayAsync(string id, RunState state)
    {
        await Client.RaiseEventAsync(id, FakeMigration.Say, state);
        await UntilAsync(id, instance => instance.IsCompleted || instance.ReadCustomStatusAs<RunState>()?.UpdatedAt == state.UpdatedAt);
    }

    public async Task UntilAsync(string id, Func<OrchestrationMetadata, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var glances = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await Client.GetInstanceAsync(id, getInputsAndOutputs: true, patience.Token) is not { } instance || !condition(instance))
            await glances.WaitForNextTickAsync(patience.Token);
    }

    public Task ScheduleAsync(string orchestrator, object input, string id) => Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id));
}

public sealed class Reply(HttpResponseMessage response, string body)
{
    public int Status { get; } = (int)response.StatusCode;

    public string Body { get; } = body;

    public HttpResponseMessage Response { get; } = response;

    public JsonElement Json => Body.StartsWith('{') ? JsonDocument.Parse(Body).RootElement : default;

    public string? Code => Text("code");

    public string? Text(string member) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    public string? Header(string name) => Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
