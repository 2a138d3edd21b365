using System.CommandLine;

namespace Orchestrator.Local.Demo;

internal static class CommandLine
{
    public static RootCommand Root()
    {
        var objects = new Option<int>("--objects") { Description = "How many media the shop has.", DefaultValueFactory = _ => 5000 };
        objects.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 20000)
            {
                result.AddError("--objects must be from 1 to 20000.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Makes the last line of standard output one JSON object; all else goes to standard error." };
        var keep = new Option<bool>("--keep") { Description = "Leaves everything up afterwards, and prints addresses and tokens." };
        var noBuild = new Option<bool>("--no-build") { Description = "Runs what was built before." };
        var reject = new Option<bool>("--reject") { Description = "Answers the approval with no." };
        var rollBack = new Option<bool>("--roll-back") { Description = "Goes back to v1 when the run has succeeded and customers have ordered from v2." };
        var failAt = new Option<string?>("--fail-at") { Description = "Makes this step fail for good, by a cause outside of the orchestrator." };
        failAt.AcceptOnlyFromAmong(DemoOptions.FailableSteps);
        var killAt = new Option<string?>("--kill-at") { Description = "Kills the functions app while this step runs, and starts it again." };
        killAt.AcceptOnlyFromAmong(DemoOptions.Steps);

        var root = new RootCommand("Migrates a running shop on this machine, with customers in it, from v1 to v2.")
            { objects, json, keep, noBuild, reject, rollBack, failAt, killAt };
        root.Validators.Add(result =>
        {
            if (result.GetValue(failAt) is not null && result.GetValue(reject))
            {
                result.AddError("--fail-at and --reject exclude each other.");
            }

            if (result.GetValue(rollBack) && (result.GetValue(failAt) is not null || result.GetValue(reject)))
            {
                result.AddError("--roll-back needs a run that succeeds: it excludes --fail-at and --reject.");
            }
        });
        root.SetAction((result, cancellationToken) => DemoRun.RunAsync(new DemoOptions
        {
            Objects = result.GetValue(objects),
            Json = result.GetValue(json),
            Keep = result.GetValue(keep),
            Build = !result.GetValue(noBuild),
            Reject = result.GetValue(reject),
            RollBack = result.GetValue(rollBack),
            FailAt = result.GetValue(failAt),
            KillAt = result.GetValue(killAt),
        }, cancellationToken));
        return root;
    }
}
