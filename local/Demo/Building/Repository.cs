namespace Orchestrator.Local.Demo.Building;

/// <summary>The clone that the demo runs from.</summary>
/// <param name="Configuration">That the functions app and the emulator are built in.</param>
internal sealed record Repository(string Root, string Configuration)
{
    public static Repository Find(string configuration = "Debug")
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            {
                return new Repository(folder.FullName, configuration);
            }
        }

        throw new DemoException($"The demo must run from a clone of the repository; no Orchestrator.sln is above {AppContext.BaseDirectory}.");
    }

    public string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    public string AzuriteModules => At("local", "azurite", "node_modules");

    public string FunctionsAssembly => At("functions", "bin", "Local", Configuration, "net10.0", "Orchestrator.Functions.dll");

    public string EmulatorAssembly => At("local", "AzureEmulator", "bin", "Local", Configuration, "net10.0", "Orchestrator.Local.AzureEmulator.dll");

    public string ShopPackage(string version) => At("artifacts", "shop", $"shop-{version}.zip");

    public string Artifacts => At("artifacts", "demo");
}
