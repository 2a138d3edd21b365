using 'main.bicep'

// What azd's environment says: infra/scripts/azd.sh puts the first three there, azd the location, azd env set the rest. Lists have commas.
param name = readEnvironmentVariable('ORCHESTRATOR_NAME')
param audience = readEnvironmentVariable('ORCHESTRATOR_AUDIENCE')
param backEnd = readEnvironmentVariable('DurableBackEnd')
param location = readEnvironmentVariable('AZURE_LOCATION')
param alertEmails = filter(split(readEnvironmentVariable('ALERT_EMAILS', ''), ','), email => !empty(email))

// What it may move: nothing, until it is said.
param targetSites = filter(split(readEnvironmentVariable('TARGET_SITES', ''), ','), id => !empty(id))
param targetPlans = filter(split(readEnvironmentVariable('TARGET_PLANS', ''), ','), id => !empty(id))
param targetStorageAccounts = filter(split(readEnvironmentVariable('TARGET_STORAGE_ACCOUNTS', ''), ','), id => !empty(id))
