namespace Orchestrator.Workflows.Migrations;

internal static class TrafficReader
{
    public static TrafficSpec Read(ObjectReader traffic)
    {
        traffic.Requires("steps");
        var steps = traffic.Objects("steps", maxCount: 20, Step, minCount: 1);
        for (var index = 1; index < steps.Count; index++)
        {
            if (steps[index].Percent <= steps[index - 1].Percent)
                traffic.FaultAt($"{traffic.PointerTo("steps")}/{index}/percent", SpecCodes.NotAllowed, "Each step moves more clients than the one before.");
        }

        return new TrafficSpec
        {
            Steps = steps,
            Gates = traffic.Objects("gates", maxCount: 20, Gate),
            NoData = Consequence(traffic.OneOf("noData", "hold", "goOn", "goBack", "ask")) ?? GateConsequence.Hold,
            Inconclusive = Consequence(traffic.OneOf("inconclusive", "hold", "goOn", "goBack", "ask")) ?? GateConsequence.Hold,
            Failed = Consequence(traffic.OneOf("failed", "goBack", "ask")) ?? GateConsequence.GoBack,
            HoldLimit = traffic.Duration("holdLimit", TimeSpan.FromDays(7)) ?? TrafficSpec.DefaultHoldLimit,
        };
    }

    private static GateConsequence? Consequence(string? text) => text switch
    {
        "hold" => GateConsequence.Hold,
        "goOn" => GateConsequence.GoOn,
        "goBack" => GateConsequence.GoBack,
        "ask" => GateConsequence.Ask,
        _ => null,
    };

    public static WatchSpec ReadWatch(ObjectReader watch) => new()
    {
        Duration = watch.Duration("duration", TimeSpan.FromDays(7)) ?? TimeSpan.FromMinutes(10),
        Gates = watch.Objects("gates", maxCount: 20, Gate),
        OnFail = watch.OneOf("onFail", "rollBack", "ask") == "ask" ? WatchFailure.Ask : WatchFailure.RollBack,
        Alerts = watch.Object("alerts", Alerts),
    };

    private static AlertSpec Alerts(ObjectReader alerts)
    {
        alerts.Requires("actionGroup");
        var group = alerts.Text("actionGroup", maxLength: 1024);
        if (group is not null && !ActionGroupSyntax.IsValid(group)) alerts.Fault("actionGroup", SpecCodes.NotAllowed, ActionGroupSyntax.Wanted);
        return new AlertSpec { ActionGroup = group ?? "", Severity = alerts.Whole("severity", otherwise: 2, min: 0, max: 4) };
    }

    public static RollbackSpec ReadRollback(ObjectReader rollback) => new()
    {
        ExpiresAfter = rollback.Duration("expiresAfter", TimeSpan.FromDays(30), zero: true) ?? RollbackSpec.DefaultExpiry,
    };

    private static TrafficStepSpec Step(ObjectReader step)
    {
        step.Requires("percent", "hold");
        return new TrafficStepSpec
        {
            Percent = step.Whole("percent", otherwise: 100, min: 1, max: 100),
            Hold = step.Duration("hold", TimeSpan.FromDays(7)) ?? TimeSpan.FromMinutes(5),
        };
    }

    private static GateSpec Gate(ObjectReader reader)
    {
        reader.Requires("metric");
        var metric = reader.OneOf("metric", GateSpec.ErrorRate, GateSpec.ResponseTime);
        var gate = new GateSpec
        {
            Metric = metric ?? GateSpec.ErrorRate,
            Max = reader.Number("max", min: 0, max: metric == GateSpec.ErrorRate ? 1 : 600),
            MaxRatio = reader.Number("maxRatio", min: 0, max: 1000),
        };
        if (reader.Has("max") == reader.Has("maxRatio"))
            reader.FaultAt(reader.Pointer, SpecCodes.WrongGate, "A gate has a max or a maxRatio, one of the two.");
        return gate;
    }
}
