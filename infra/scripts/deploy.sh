#!/usr/bin/env bash
# Publishes PACKAGE, whose app answers VERSION at /api/healthz, without meeting a run in its cut-over, and goes back to what ran before where it does not come
# up. Needs a login of the Azure CLI; to find the app, RESOURCE_GROUP and the name of main.bicep's deployment there, DEPLOYMENT. docs/upgrade.md has the rest.
# With the argument wait it only waits until no run is in its cut-over, and publishes nothing.
# Ends with 0: VERSION runs. 1: nothing was changed. 2: what ran before runs again. 3: neither is certain.
set -euo pipefail

: "${RESOURCE_GROUP:?}" "${ORCHESTRATOR_AUDIENCE:?}"
mode=${1:-publish}
case $mode in
  wait) ;;
  publish) : "${PACKAGE:?}" "${VERSION:?}" ;;
  *) echo "deploy: $mode is not known: publish, which is the default, or wait." >&2; exit 1 ;;
esac
pause=${POLL_SECONDS:-10}
patience=${MAX_FAILURES:-6}
inARow=${IN_A_ROW:-6}
drainSeconds=${DRAIN_SECONDS:-2700}
looks=${VERIFY_LOOKS:-90}
force=${FORCE:-0}
unfinished=pending,waitingForWindow,running,waitingForApproval,waitingForDecision,paused,watching,compensating
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

say() { echo "deploy: $*" >&2; }
refuse() { say "$* Nothing was changed."; exit 1; }

get() {  # path, and what curl takes beside it; the body is in $answer, the status in $status
  local path=$1
  shift
  : > "$answer"
  status=$(curl --silent --max-time 60 --output "$answer" --write-out '%{http_code}' "$@" "$url$path") || status=000
}

# The token reaches curl by standard input: arguments can be seen.
ask() {
  local token failures=0
  while true; do
    token=$(az account get-access-token --resource "$ORCHESTRATOR_AUDIENCE" --query accessToken --output tsv) || return 1
    get "$1" --config - <<< "header = \"Authorization: Bearer $token\""
    case $status in
      200) return 0 ;;
      000 | 408 | 429 | 5??) failures=$((failures + 1)) ;;
      *) failures=$patience ;;
    esac
    if [ "$failures" -ge "$patience" ]; then
      say "GET $1 answers $status: $(jq -r '[.code, .title, .detail] | map(select(. != null)) | join(": ")' "$answer" 2>/dev/null || true)"
      return 1
    fi
    sleep "$pause"
  done
}

# Into $shown: empty where nothing answers; unknown for a version from before the answer said it.
look() {
  get /api/healthz
  shown=
  [ "$status" != 200 ] || shown=$(jq -r '.version // "unknown"' "$answer" 2>/dev/null) || shown=
}

last() { echo "the last answer was $status: $(head -c 500 "$answer")"; }

find_app() {
  url=${ORCHESTRATOR_URL:-} app=${ORCHESTRATOR_APP:-} storage=${ORCHESTRATOR_STORAGE:-}
  if [ -n "$url" ]; then
    [ "$mode" = wait ] || { [ -n "$app" ] && [ -n "$storage" ]; } || refuse "ORCHESTRATOR_URL without ORCHESTRATOR_APP and ORCHESTRATOR_STORAGE does not say where to publish."
    return 0
  fi
  local deployment=${DEPLOYMENT:-orchestrator} found
  found=$(az deployment group list --resource-group "$RESOURCE_GROUP" --query "[?name=='$deployment']" --output json) || refuse "The deployments of $RESOURCE_GROUP cannot be read."
  [ "$(jq length <<< "$found")" != 0 ] || return 1
  url=$(jq -r '.[0].properties.outputs.url.value // empty' <<< "$found")
  app=$(jq -r '.[0].properties.outputs.functionAppName.value // empty' <<< "$found")
  storage=$(jq -r '.[0].properties.outputs.storageAccountName.value // empty' <<< "$found")
  [ -n "$url" ] && [ -n "$app" ] && [ -n "$storage" ] ||
    refuse "The deployment $deployment did not end well, or an older template made it, so it does not say where the app is: set ORCHESTRATOR_URL, ORCHESTRATOR_APP and ORCHESTRATOR_STORAGE."
}

is_published() {
  local there
  there=$(az storage blob exists --auth-mode login --account-name "$storage" --container-name deployments --name released-package.zip --query exists --output tsv) ||
    refuse "The storage account $storage cannot be read: that needs Storage Blob Data Reader and a way to it. Or name the package that runs now: KEPT_PACKAGE."
  [ "$there" = true ]
}

# The way back. Before the wait for runs: a federated login gets no token for another resource some minutes later.
keep() {
  kept=${KEPT_PACKAGE:-}
  if [ -n "$kept" ]; then
    [ -s "$kept" ] || refuse "$kept is not there."
  elif is_published; then
    local folder=${KEPT_FOLDER:-artifacts/kept} name=${before:-before}
    mkdir -p "$folder"
    kept=$folder/${name//[^A-Za-z0-9._-]/_}.zip
    rm -f "$kept"
    az storage blob download --auth-mode login --account-name "$storage" --container-name deployments --name released-package.zip --file "$kept" --output none ||
      refuse "The package that runs now could not be kept."
    say "kept what runs now, ${before:-which does not answer}, as $kept"
  fi
}

# Prints the runs whose customers an interruption would reach. Who is paused, postponed or waits for a person does not go on by itself.
busy() {
  local path="/api/migrations?status=$unfinished&pageSize=200"
  while [ -n "$path" ]; do
    ask "$path" || return 1
    jq -r '.value[] | select(.pendingDecision == null)
      | select(.status == "compensating" or (.cutOver != null and (.cutOver.phase == "waiting" and (.postponed == true or .status == "paused") | not)))
      | "\(.id) (\(.cutOver.phase // .status))"' "$answer" || return 1
    path=$(jq -r '.nextLink // empty' "$answer")
  done
}

wait_for_runs() {
  local end=$((SECONDS + drainSeconds)) runs
  while true; do
    runs=$(busy) || refuse "Nobody can say whether a run is in its cut-over; reading that needs the role Migrations.Read."
    [ -n "$runs" ] || return 0
    [ "$SECONDS" -lt "$end" ] || refuse "Still in their cut-over or on their way back: ${runs//$'\n'/, }. Postpone them, or try again later; FORCE=1 does not wait."
    say "waiting for ${runs//$'\n'/, }"
    sleep "$pause"
  done
}

# What the CLI says of it is no measure: it also fails where only its own look at the app does.
publish() {
  az functionapp deployment source config-zip --resource-group "$RESOURCE_GROUP" --name "$app" --src "$1" --output none || say "the Azure CLI says that $1 was not published"
}

# So many times in a row, because old and new instances answer while they are replaced.
comes_up() {
  local left=$looks seen=0
  while true; do
    look
    [ "$shown" != "$1" ] || get /api/readyz
    if [ "$shown" = "$1" ] && [ "$status" = 200 ]; then seen=$((seen + 1)); else seen=0; fi
    [ "$seen" -lt "$inARow" ] || return 0
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep "$pause"
  done
}

[ "$mode" = wait ] || [ -s "$PACKAGE" ] || refuse "$PACKAGE is not there."
if ! find_app; then
  [ "$mode" = wait ] || refuse "There is no deployment ${DEPLOYMENT:-orchestrator} in $RESOURCE_GROUP."
  say "not installed: no run to wait for"
  exit 0
fi
# A change of settings a moment ago may have stopped it for a moment.
for ((left = patience; left > 0; left--)); do
  look
  [ -z "$shown" ] || break
  sleep "$pause"
done
before=$shown

if [ "$mode" = wait ]; then
  if [ "$force" = 1 ]; then exit 0; fi
  if [ -n "$before" ]; then wait_for_runs; elif is_published; then
    refuse "The orchestrator does not answer, so nobody can say whether a run is in its cut-over. FORCE=1 does not ask."
  fi
  exit 0
fi

if [ "$before" = "$VERSION" ]; then
  comes_up "$VERSION" || refuse "$VERSION runs already and is not ready. An older package is the way back: PACKAGE and VERSION name it."
  say "$VERSION runs already"
  exit 0
fi

keep
if [ -z "$kept" ]; then
  say "nothing was published before: no way back"
elif [ "$force" != 1 ]; then
  [ -n "$before" ] || refuse "The orchestrator does not answer, so nobody can say whether a run is in its cut-over. FORCE=1 does not ask."
  wait_for_runs
fi

publish "$PACKAGE"
if comes_up "$VERSION"; then
  say "$VERSION runs"
  exit 0
fi
say "$VERSION did not come up, $looks times looked at; $(last)"
[ -n "$kept" ] || { say "There is nothing to go back to. Published: $PACKAGE."; exit 3; }

publish "$kept"
if [ -n "$before" ] && comes_up "$before"; then
  say "$before runs again; runs go on where they were. $VERSION was not kept."
  exit 2
fi
say "${before:-What was there before} did not come up either; $(last)"
say "Left behind: the package from before as $kept, published last; runs stand still in their store and go on when an app answers. By hand:"
say "  az functionapp deployment source config-zip --resource-group $RESOURCE_GROUP --name $app --src $kept"
exit 3
