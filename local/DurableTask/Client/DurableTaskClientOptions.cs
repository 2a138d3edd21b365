using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Client;

public class DurableTaskClientOptions
{
    private bool? entities;

    /// <summary>The version of orchestrations that are started without one.</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    /// <summary>Null sets the default: the converter that is registered as a service, or else JSON.</summary>
    public DataConverter DataConverter
    {
        get => ChosenConverter ?? JsonDataConverter.Default;
        set => ChosenConverter = value;
    }

    /// <summary>Without effect here: entities are not run.</summary>
    public bool EnableEntitySupport
    {
        get => entities ?? false;
        set => entities = value;
    }

    internal DataConverter? ChosenConverter { get; private set; }

    internal void ApplyTo(DurableTaskClientOptions other)
    {
        other.ChosenConverter ??= ChosenConverter;
        other.entities ??= entities;
        if (!string.IsNullOrWhiteSpace(DefaultVersion))
            other.DefaultVersion = DefaultVersion;
    }
}
