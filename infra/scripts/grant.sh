#!/usr/bin/env bash
# Gives somebody roles of the registration ORCHESTRATOR_AUDIENCE. Arguments: the object id of a user, group or service principal; the roles. A role that is
# held already stays.
set -euo pipefail

: "${ORCHESTRATOR_AUDIENCE:?}" "${1:?who}" "${2:?which role}"
principal=$1
shift
pause=${POLL_SECONDS:-5}
patience=${MAX_FAILURES:-6}

die() { echo "grant: $*" >&2; exit 1; }

resource=$(az ad sp list --filter "appId eq '$ORCHESTRATOR_AUDIENCE'" --query "[0].id" --output tsv)
[ -n "$resource" ] || die "no registration $ORCHESTRATOR_AUDIENCE: run register.sh first."
for name in "$@"; do
  role=$(az ad sp show --id "$resource" --query "appRoles[?value=='$name'].id | [0]" --output tsv)
  [ -n "$role" ] || die "no role $name."
  body=$(printf '{"principalId":"%s","resourceId":"%s","appRoleId":"%s"}' "$principal" "$resource" "$role")
  left=$patience
  until answer=$(az rest --method POST --url "https://graph.microsoft.com/v1.0/servicePrincipals/$resource/appRoleAssignedTo" \
    --headers Content-Type=application/json --body "$body" 2>&1); do
    [[ $answer != *"already exists"* ]] || break
    left=$((left - 1))
    # What was made a moment ago is not known everywhere at once.
    [[ $answer == *ResourceNotFound* && $left -gt 0 ]] || die "$name could not be given, which Cloud Application Administrator may do: $answer"
    sleep "$pause"
  done
  echo "$principal: $name"
done
