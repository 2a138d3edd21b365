namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>The template is at fault: the deployment is refused as InvalidTemplate with this message inside.</summary>
internal sealed class TemplateException(string message, string code = "InvalidTemplate") : Exception(message)
{
    public string Code => code;
}
