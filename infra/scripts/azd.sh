#!/usr/bin/env bash
# Before azd provisions: makes the app registration, and puts into azd's environment what the template and the build read. Names that are there stay.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
name=${ORCHESTRATOR_NAME:-migrate}
audience=$(ORCHESTRATOR_NAME=$name "$scripts/register.sh")

azd env set ORCHESTRATOR_NAME "$name"
azd env set ORCHESTRATOR_AUDIENCE "$audience"
# MSBuild reads these two as properties, so that the app is built for Azure and for the back end that is deployed.
azd env set FunctionsHost Azure
azd env set DurableBackEnd "${DurableBackEnd:-DurableTaskScheduler}"
