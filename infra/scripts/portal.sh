#!/usr/bin/env bash
# Makes the two files that the portal's button needs, in OUTPUT: azuredeploy.json, the compiled template, and createUiDefinition.json, the form with the
# addresses of VERSION's packages. PACKAGES is the address that those are below, PAGES the one that these two files will be below. Prints the button.
set -euo pipefail

: "${VERSION:?}" "${OUTPUT:?}" "${PACKAGES:?}" "${PAGES:?}"
infra=$(cd "$(dirname "$0")/.." && pwd)

mkdir -p "$OUTPUT"
az bicep build --file "$infra/main.bicep" --outfile "$OUTPUT/azuredeploy.json"
jq --arg scheduler "$PACKAGES/orchestrator-$VERSION-DurableTaskScheduler.zip" --arg storage "$PACKAGES/orchestrator-$VERSION-AzureStorage.zip" '
  (.parameters.steps[].elements[] | select(.name == "packageForScheduler")).defaultValue = $scheduler
  | (.parameters.steps[].elements[] | select(.name == "packageForStorage")).defaultValue = $storage
' "$infra/createUiDefinition.json" > "$OUTPUT/createUiDefinition.json"

encoded() { jq -rn --arg text "$1" '$text | @uri'; }
echo "[![Deploy to Azure](https://aka.ms/deploytoazurebutton)](https://portal.azure.com/#create/Microsoft.Template/uri/$(encoded "$PAGES/azuredeploy.json")/createUIDefinitionUri/$(encoded "$PAGES/createUiDefinition.json"))"
