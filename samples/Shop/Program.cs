using Shop;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ShopJson.Default));
builder.Services.AddSingleton<WriteGate>();
builder.Services.AddSingleton(ShopSettings.From(builder.Configuration));
builder.Services.AddSingleton<BlobHttp>();
builder.Services.AddSingleton<OrderStore>();

var app = builder.Build();
app.MapPages();
app.MapOrders();
app.MapMedia();
app.MapAdmin();
app.Run();
