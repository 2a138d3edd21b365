#!/usr/bin/env bash
# Installs what is missing, builds everything once, runs every test. The last line counts them from the runner's results.
# Arguments: --nightly for many more simulated seeds, kills of the engine and storms over the cut-over, and for the tests on the real Functions worker; test
# projects to run instead of all, as folders (eng/test.sh tests/workflows).
set -uo pipefail
cd "$(dirname "$0")/.."

die() { echo "eng/test.sh: $*" >&2; exit 1; }

nightly=
if [ "${1:-}" = --nightly ]; then
  shift
  nightly=1
  export ORCHESTRATOR_SIMULATION_SEEDS=${ORCHESTRATOR_SIMULATION_SEEDS:-1-20000} ORCHESTRATOR_KILLS=${ORCHESTRATOR_KILLS:-100}
  export ORCHESTRATOR_STORM_SEEDS=${ORCHESTRATOR_STORM_SEEDS:-1-100}
fi

# --- What must be here.
command -v dotnet >/dev/null || die "the .NET SDK 10 is needed (https://dot.net)."
[ "$(dotnet --version | cut -d. -f1)" -ge 10 ] || die "the .NET SDK 10 is needed; dotnet --version says $(dotnet --version)."
command -v node >/dev/null && command -v npm >/dev/null || die "Node.js 20 or newer with npm is needed (https://nodejs.org)."
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "Node.js 20 or newer is needed; node --version says $(node --version)."

command -v jq >/dev/null && command -v curl >/dev/null || die "jq and curl are needed: the deployment script of infra/ is run with them."

# --- Azurite. npm writes the hidden lock file last: without it an installation was cut short.
azurite=local/azurite
wanted=$(node -p "require('./$azurite/package.json').dependencies.azurite")
installed=$(node -p "require('./$azurite/node_modules/azurite/package.json').version" 2>/dev/null)
if [ "$wanted" != "$installed" ] || [ ! -f "$azurite/node_modules/.package-lock.json" ]; then
  echo "Installing Azurite $wanted"
  npm ci --prefix "$azurite" --no-audit --no-fund || die "npm ci failed."
fi

# --- One build of everything, and the two releases of the sample. No build servers: they would stay behind.
quiet=(--nologo -v quiet --disable-build-servers)
dotnet build Orchestrator.sln -c Debug "${quiet[@]}" || die "the build failed."
for version in v1 v2; do
  dotnet publish samples/Shop/Shop.csproj "-p:ShopVersion=$version" "${quiet[@]}" || die "shop $version could not be published."
done

# --- One project after the other: the end-to-end tests want the machine to themselves, and come last. The tests on the real worker need packages that the feed may
# lack; they run only where they are asked for.
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
if [ $# -gt 0 ]; then
  mapfile -t projects < <(find "$@" -name '*.csproj' | sort)
else
  mapfile -t projects < <(
    find tests -name '*.csproj' -not -path 'tests/EndToEnd/*' -not -path 'tests/Benchmarks/*' -not -path 'tests/RealWorker/*' | sort
    [ -z "$nightly" ] || echo tests/RealWorker/RealWorker.csproj
    echo tests/EndToEnd/EndToEnd.csproj)
fi

broken=0
for project in "${projects[@]}"; do
  name=$(basename "$project" .csproj)
  echo "== $name"
  host=()
  if [ "$name" = RealWorker ]; then
    host=(-p:FunctionsHost=Azure)
    dotnet build "$project" "${host[@]}" "${quiet[@]}" || { echo "eng/test.sh: the tests on the real worker could not be built." >&2; broken=1; continue; }
  fi
  dotnet test "$project" "${host[@]}" --no-build --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" || broken=1
done

# --- The count: passed, failed and skipped of every result, by outcome.
count() { cat "$results"/*.trx 2>/dev/null | grep -o '<UnitTestResult [^>]*' | grep -cE "outcome=\"($1)\""; }
passed=$(count 'Passed')
failed=$(count 'Failed|Error|Timeout|Aborted')
skipped=$(count 'NotExecuted')
line="$passed passed, $failed failed"
[ "$skipped" -gt 0 ] && line="$line, $skipped skipped"

code=0
[ "$failed" -eq 0 ] || code=1
[ "$passed" -gt 0 ] || { echo "eng/test.sh: nothing ran." >&2; code=1; }
[ "$broken" -eq 0 ] || { [ "$failed" -gt 0 ] || echo "eng/test.sh: a test run broke off; see above." >&2; code=1; }
echo "$line"
exit $code
