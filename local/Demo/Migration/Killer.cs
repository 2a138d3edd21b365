using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Local.Demo.Migration;

/// <summary>
/// Kills the functions app once, when it is seen to be at the given step, and starts it again. The cut-over is cut at its worst moment:
/// the swap has been asked for, and whoever asked will never read the answer.
/// </summary>
internal sealed class Killer(string? step, FunctionsApp app, EmulatorControl control, Screen screen)
{
    /// <summary>Whether the kill is still to come: until then the run is looked at all the time, so that short steps are seen.</summary>
    public bool Watches => step is not null && !Killed && !Missed;

    public bool Killed { get; private set; }

    /// <summary>The step had ended before it was seen to run.</summary>
    public bool Missed { get; private set; }

    public async Task LookAsync(Run run, CancellationToken cancellationToken)
    {
        if (!Watches)
        {
            return;
        }

        if (run.StatusOf(step!) == "running")
        {
            if (step == "cutOver" && !await control.HasSwapAsync(cancellationToken))
            {
                return;
            }

            Killed = true;
            screen.Bad($"Killing the functions app during {step}");
            await app.KillAndRestartAsync(cancellationToken);
            screen.Say("The functions app is back");
        }
        else if (run.HasEnded || run.StatusOf(step!) is "succeeded" or "failed" or "skipped")
        {
            Missed = true;
            screen.Bad($"{step} was over before it was seen to run: nothing was killed");
        }
    }
}
