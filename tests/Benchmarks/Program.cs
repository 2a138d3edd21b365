using Orchestrator.Benchmarks;

return await CommandLine.Root().Parse(args).InvokeAsync();
