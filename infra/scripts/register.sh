#!/usr/bin/env bash
# Makes the app registration that says whom tokens are for and which roles there are, and prints its client id: the template's audience. Run again, it
# changes nothing: the registration is found by its name, "Orchestrator $ORCHESTRATOR_NAME", or by ORCHESTRATOR_AUDIENCE where that is given.
set -euo pipefail

: "${ORCHESTRATOR_NAME:?}"
entra=$(cd "$(dirname "$0")/../entra" && pwd)
title="Orchestrator $ORCHESTRATOR_NAME"
audience=${ORCHESTRATOR_AUDIENCE:-}
pause=${POLL_SECONDS:-5}
patience=${MAX_FAILURES:-6}

die() { echo "register: $*" >&2; exit 1; }

# What was made a moment ago is not known everywhere at once.
settled() {
  local failures=0
  until "$@" >/dev/null; do
    failures=$((failures + 1))
    [ "$failures" -lt "$patience" ] || die "gave up: $*"
    sleep "$pause"
  done
}

if [ -z "$audience" ]; then
  found=$(az ad app list --display-name "$title" --query "[?displayName=='$title'].appId" --output tsv)
  [ "$(grep -c . <<< "$found" || true)" -le 1 ] || die "several registrations are called $title: set ORCHESTRATOR_AUDIENCE to the client id of the right one."
  audience=$found
fi
if [ -z "$audience" ]; then
  audience=$(az ad app create --display-name "$title" --sign-in-audience AzureADMyOrg --query appId --output tsv)
  echo "register: made $title" >&2
fi

settled az ad app update --id "$audience" --identifier-uris "api://$audience"
object=$(az ad app show --id "$audience" --query id --output tsv)
# The second lets the Azure CLI ask for tokens; it names a scope that the first makes.
for part in application azure-cli; do
  settled az rest --method PATCH --url "https://graph.microsoft.com/v1.0/applications/$object" --headers Content-Type=application/json --body "@$entra/$part.json"
done
known=$(az ad sp list --filter "appId eq '$audience'" --query "[].id" --output tsv)
[ -n "$known" ] || settled az ad sp create --id "$audience"
echo "$audience"
