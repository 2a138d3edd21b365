#!/usr/bin/env bash
# Builds the app for Azure and leaves PACKAGE, a zip to publish. VERSION is what the app answers at /api/healthz; BACK_END is where its runs are kept, as
# main.bicep's backEnd says it. At the root of the repository.
set -euo pipefail

: "${PACKAGE:?}" "${VERSION:?}"
backEnd=${BACK_END:-DurableTaskScheduler}

die() { echo "package: $*" >&2; exit 1; }

case $backEnd in
  DurableTaskScheduler | AzureStorage) ;;
  *) die "BACK_END is DurableTaskScheduler or AzureStorage, not $backEnd." ;;
esac

mkdir -p "$(dirname "$PACKAGE")"
package=$(cd "$(dirname "$PACKAGE")" && pwd)/$(basename "$PACKAGE")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

dotnet publish functions -c Release -p:FunctionsHost=Azure "-p:DurableBackEnd=$backEnd" "-p:InformationalVersion=$VERSION" --output "$folder" >&2
rm -f "$package"
(cd "$folder" && zip -qr "$package" .)
echo "$package"
