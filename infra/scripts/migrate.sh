#!/usr/bin/env bash
# Starts the migration MIGRATION_ID with MIGRATION_SPEC at ORCHESTRATOR_URL and waits for its end. Run again, it waits for the same run: the id is the
# idempotency key. Ends with 0 only for a run that ended well; writes what is known of it to AZ_SCRIPTS_OUTPUT_PATH in any case.
set -euo pipefail

: "${MIGRATION_ID:?}" "${MIGRATION_SPEC:?}" "${ORCHESTRATOR_URL:?}" "${ORCHESTRATOR_AUDIENCE:?}" "${AZ_SCRIPTS_OUTPUT_PATH:?}"
# How long before each look at the run; the last one from then on. A look that waits on the other side would keep an instance billed for as long.
read -ra pauses <<< "${POLL_SECONDS:-5 20 60}"
pause=${RETRY_SECONDS:-20}
patience=${MAX_FAILURES:-30}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

die() { echo "migrate: $*" >&2; exit 1; }

# A wait can outlive a token, so each call takes one anew; the Azure CLI keeps it while it is valid. It reaches curl by standard input: arguments can be seen.
call() {
  local token
  token=$(az account get-access-token --resource "$ORCHESTRATOR_AUDIENCE" --query accessToken --output tsv) || { echo 000; return; }
  printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --silent --show-error --config - --max-time 90 --output "$answer" --write-out '%{http_code}' "$@" || echo 000
}

told() { jq -r '[.code, .title, .detail] | map(select(. != null)) | join(": ")' "$answer" 2>/dev/null || true; }

# Calls until the answer is about the run and not about the way there.
settled() {
  local failures=0
  while true; do
    status=$(call "$@")
    status=${status: -3}
    case $status in
      000 | 408 | 429 | 5??)
        failures=$((failures + 1))
        [ "$failures" -lt "$patience" ] || die "the orchestrator could not be reached $failures times in a row, last $status. A run goes on without us."
        sleep "$pause"
        ;;
      *) return ;;
    esac
  done
}

settled --request POST "$ORCHESTRATOR_URL/api/migrations" --header 'Content-Type: application/json' \
  --header "Idempotency-Key: $MIGRATION_ID" --data-binary "$MIGRATION_SPEC"
case $status in
  202) ;;
  401 | 403) die "not allowed to start it: $(told). The identity needs the roles Migrations.Start and Migrations.Read." ;;
  409) die "the id $MIGRATION_ID is taken: $(told). Nothing was started." ;;
  422) die "$MIGRATION_ID was started with another spec: $(told). Nothing was started; give the deployment another name." ;;
  *) die "not accepted with $status: $(told) $(jq -c '.errors // empty' "$answer" 2>/dev/null || true)" ;;
esac

while true; do
  sleep "${pauses[0]}"
  [ "${#pauses[@]}" = 1 ] || pauses=("${pauses[@]:1}")
  settled "$ORCHESTRATOR_URL/api/migrations/$MIGRATION_ID"
  [ "$status" = 200 ] || die "the run could not be read, $status: $(told)"
  ended=$(jq -r '.status' "$answer")
  echo "$MIGRATION_ID: $ended"
  case $ended in
    succeeded | planned | rehearsed) good=0; break ;;
    rejected | compensated | rolledBack | cancelled | failed) good=1; break ;;
  esac
done

jq '{id, status, figures, failure, report: .links.report} | with_entries(select(.value != null))' "$answer" > "$AZ_SCRIPTS_OUTPUT_PATH"
[ "$good" = 0 ] || die "the run ended $ended: $(jq -r '.failure // {} | [.step, .code, .detail] | map(select(. != null)) | join(": ")' "$answer")"
