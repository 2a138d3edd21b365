// Reads the queries that are named as arguments against the tables that they may use; prints a line for each fault, and fails if there is one.
// Columns: Azure Monitor Logs reference, tables AppTraces, AppExceptions and AppRequests; those that the queries need.
require('@kusto/language-service-next/bridge.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.js');
const fs = require('fs');

const { Symbols, GlobalState, KustoCode } = Kusto.Language;
const shared = 'TimeGenerated: datetime, OperationId: string, OperationName: string, AppRoleName: string, AppRoleInstance: string, Properties: dynamic, Type: string';
const tables = {
  AppTraces: `${shared}, Message: string, SeverityLevel: int`,
  AppExceptions: `${shared}, ExceptionType: string, OuterMessage: string, OuterType: string, ProblemId: string, SeverityLevel: int`,
  AppRequests: `${shared}, Id: string, Name: string, Success: bool, DurationMs: real, ResultCode: string`,
};

const symbols = Object.entries(tables).map(([name, columns]) => Symbols.TableSymbol.From(`(${columns})`).WithName(name));
const workspace = new Symbols.DatabaseSymbol.$ctor1('workspace', System.Array.init(symbols, Symbols.Symbol));
const globals = GlobalState.Default.WithDatabase(workspace);

let faults = 0;
for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, 'utf8');
  // Of a page, the queries in it.
  const queries = file.endsWith('.md') ? [...text.matchAll(/```kusto\n([^`]*)```/g)].map((match) => match[1]) : [text];
  for (const query of queries) for (const fault of Bridge.toArray(KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics())) {
    faults++;
    console.log(`${file}:${query.slice(0, fault.Start).split('\n').length}: ${fault.Message}`);
  }
}
process.exit(faults === 0 ? 0 : 1);
