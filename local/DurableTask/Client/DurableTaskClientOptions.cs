using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Client;

public class DurableTaskClientOptions
{
    private DataConverter converter = JsonDataConverter.Default;

    /// <summary>The version of orchestrations that are started without one.</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    /// <summary>Null sets the default converter.</summary>
    public DataConverter DataConverter
    {
        get => converter;
        set => converter = value ?? JsonDataConverter.Default;
    }

    public bool EnableEntitySupport { get; set; }
}
