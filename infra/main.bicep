metadata name = 'Orchestrator'
metadata description = 'Everything that one installation of Orchestrator needs in one resource group, and its roles on the sites and data that it moves.'

targetScope = 'resourceGroup'

@description('Required. Names every resource: 3 to 11 lower-case letters and digits, beginning with a letter.')
@minLength(3)
@maxLength(11)
param name string

@description('Required. Whom tokens must be for: the client id of the app registration that docs/azure.md makes.')
param audience string

@description('Optional. The tenant whose users and identities may call, by id. Default: the tenant that is deployed from.')
param tenantId string = tenant().tenantId

@description('Optional. Where everything is made. Default: where the resource group is.')
param location string = resourceGroup().location

@description('Optional. Where the state of runs is kept. The app is published for the same one: see docs/azure.md.')
@allowed(['DurableTaskScheduler', 'AzureStorage'])
param backEnd string = 'DurableTaskScheduler'

@description('Optional. Sku of the Durable Task Scheduler. Consumption is paid by use, Dedicated by capacity.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Optional. Days from its end until a run is purged from the task hub, 1 to 90. Its documents, audit log and report among them, are kept.')
@minValue(1)
@maxValue(90)
param runRetentionDays int = 90

@description('Optional. Instances that are always ready, for calls and for orchestrations each; 0 starts from nothing when a call comes.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

@description('Optional. The most instances that the app may grow to, 1 to 1000.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Optional. What happens to running instances when code or settings change. RollingUpdate lets their work end; Recreate kills it, and it is done again.')
@allowed(['RollingUpdate', 'Recreate'])
param updateStrategy string = 'RollingUpdate'

@description('Optional. Resource ids of the App Service sites that may be moved.')
param targetSites string[] = []

@description('Optional. Resource ids of the App Service plans that these sites run on: a new slot joins its plan.')
param targetPlans string[] = []

@description('Optional. Resource ids of the storage accounts whose data moves, sources and targets.')
param targetStorageAccounts string[] = []

@description('Optional. Whether blob index tags move too. They need the role Storage Blob Data Owner on these accounts in place of Contributor.')
param carryTags bool = false

@description('Optional. Locks the retention of snapshots: nobody can shorten it then. Read docs/decisions/2026-11-25-snapshots.md first.')
param lockRetention bool = false

@description('Optional. Days that nobody can change or delete an audit log, 1 to 146000. Who may change policies can shorten it until it is locked.')
@minValue(1)
@maxValue(146000)
param auditRetentionDays int = 365

@description('Optional. Names of the webhooks\' signing secrets. Each is a secret of that name in the vault, put there afterwards.')
param webhookSecrets string[] = []

@description('Optional. Where telemetry goes beside Application Insights: address of an OTLP endpoint. Absent: nowhere.')
param otlpEndpoint string?

@description('Optional. Name of the vault\'s secret with the headers that this endpoint wants, as name=value pairs. Absent: none.')
param otlpHeadersSecret string?

@description('Optional. Who is told when an alert fires.')
param alertEmails string[] = []

@description('Optional. Address of the folder docs/alerts, with a slash at its end: an alert then leads to its page. Absent: it names the page.')
param runbooks string?

@description('Optional. Days that logs are kept, 30 to 730.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Optional. Puts storage account, vault and scheduler behind private endpoints in a virtual network of the app\'s own.')
param privateNetwork bool = false

@description('Optional. Address space of that virtual network, a /24 or larger.')
param networkAddressPrefix string = '10.20.0.0/24'

@description('Optional. How the storage account keeps its data. Zones are not to be had in every region: there, Standard_LRS.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Optional. Address of the app\'s package, built for this back end; absent: the app is published afterwards. Given again, it is published again.')
@secure()
param packageUri string?

@description('Optional. Tags of every resource.')
param tags object = {}

var suffix = take(uniqueString(resourceGroup().id, name), 6)
var privateServices = backEnd == 'AzureStorage' ? ['blob', 'queue', 'table', 'vault'] : ['blob', 'vault', 'scheduler']
var privateZones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  // The zone has another name than the vault's address: vaultcore for vault.
  vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
  scheduler: 'privatelink.durabletask.io'
}

module identity 'modules/identity.bicep' = {
  name: '${name}-identity'
  params: {
    name: '${name}-identity'
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: '${name}-storage'
  params: {
    name: '${name}${suffix}st'
    location: location
    sku: storageSku
    isPrivate: privateNetwork
    auditRetentionDays: auditRetentionDays
    tags: tags
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: '${name}-vault'
  params: {
    name: '${name}-${suffix}-kv'
    location: location
    isPrivate: privateNetwork
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: '${name}-monitoring'
  params: {
    name: name
    location: location
    retentionDays: logRetentionDays
    tags: tags
  }
}

module scheduler 'modules/durable-task-scheduler.bicep' = if (backEnd == 'DurableTaskScheduler') {
  name: '${name}-scheduler'
  params: {
    name: '${name}-${suffix}-dts'
    location: location
    sku: schedulerSku
    isPrivate: privateNetwork
    retentionDays: runRetentionDays
    tags: tags
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: '${name}-network'
  params: {
    name: '${name}-vnet'
    location: location
    addressPrefix: networkAddressPrefix
    tags: tags
  }
}

module privateDnsZones 'modules/private-dns-zone.bicep' = [
  for service in privateServices: if (privateNetwork) {
    name: '${name}-dns-${service}'
    params: {
      name: privateZones[service]
      virtualNetworkId: network!.outputs.id
      tags: tags
    }
  }
]

module privateEndpoints 'modules/private-endpoint.bicep' = [
  for (service, index) in privateServices: if (privateNetwork) {
    name: '${name}-endpoint-${service}'
    params: {
      name: '${name}-${service}-pe'
      location: location
      service: service
      resourceId: service == 'vault' ? keyVault.outputs.id : service == 'scheduler' ? scheduler!.outputs.id : storage.outputs.id
      subnetId: network!.outputs.endpointSubnetId
      privateDnsZoneId: privateDnsZones[index]!.outputs.id
      tags: tags
    }
  }
]

module storageRoles 'modules/role-assignments-storage.bicep' = {
  name: '${name}-storage-roles'
  params: {
    storageAccountName: storage.outputs.name
    principalId: identity.outputs.principalId
    keepsRuns: backEnd == 'AzureStorage'
  }
}

module schedulerRoles 'modules/role-assignments-scheduler.bicep' = if (backEnd == 'DurableTaskScheduler') {
  name: '${name}-scheduler-roles'
  params: {
    schedulerName: scheduler!.outputs.name
    principalId: identity.outputs.principalId
  }
}

module keyVaultRoles 'modules/role-assignments-key-vault.bicep' = {
  name: '${name}-vault-roles'
  params: {
    keyVaultName: keyVault.outputs.name
    principalId: identity.outputs.principalId
  }
}

module monitoringRoles 'modules/role-assignments-monitoring.bicep' = {
  name: '${name}-monitoring-roles'
  params: {
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    principalId: identity.outputs.principalId
  }
}

module siteRoles 'modules/role-assignments-site.bicep' = [
  for (site, index) in targetSites: {
    name: '${name}-site-roles-${index}'
    scope: resourceGroup(split(site, '/')[2], split(site, '/')[4])
    params: {
      siteName: split(site, '/')[8]
      principalId: identity.outputs.principalId
    }
  }
]

module planRoles 'modules/role-assignments-plan.bicep' = [
  for (plan, index) in targetPlans: {
    name: '${name}-plan-roles-${index}'
    scope: resourceGroup(split(plan, '/')[2], split(plan, '/')[4])
    params: {
      planName: split(plan, '/')[8]
      principalId: identity.outputs.principalId
    }
  }
]

module dataRoles 'modules/role-assignments-data.bicep' = [
  for (account, index) in targetStorageAccounts: {
    name: '${name}-data-roles-${index}'
    scope: resourceGroup(split(account, '/')[2], split(account, '/')[4])
    params: {
      storageAccountName: split(account, '/')[8]
      principalId: identity.outputs.principalId
      carryTags: carryTags
    }
  }
]

module functionApp 'modules/function-app.bicep' = {
  name: '${name}-app'
  params: {
    name: '${name}-${suffix}'
    location: location
    identityName: identity.outputs.name
    storageAccountName: storage.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    keyVaultName: keyVault.outputs.name
    schedulerEndpoint: backEnd == 'DurableTaskScheduler' ? scheduler!.outputs.endpoint : null
    audience: audience
    tenantId: tenantId
    lockRetention: lockRetention
    runRetentionDays: runRetentionDays
    webhookSecrets: webhookSecrets
    otlpEndpoint: otlpEndpoint
    otlpHeadersSecret: otlpHeadersSecret
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstances: maximumInstances
    updateStrategy: updateStrategy
    subnetId: privateNetwork ? network!.outputs.appSubnetId : null
    tags: tags
  }
  // The host reads its storage, and fetches its package from there, when it starts.
  dependsOn: [
    storageRoles
    schedulerRoles
    keyVaultRoles
    monitoringRoles
    privateEndpoints
  ]
}

module package 'modules/package.bicep' = if (packageUri != null) {
  name: '${name}-package'
  params: {
    appName: functionApp.outputs.name
    packageUri: packageUri!
  }
}

module alerts 'modules/alerts.bicep' = {
  name: '${name}-alerts'
  params: {
    name: name
    location: location
    workspaceId: monitoring.outputs.workspaceId
    emails: alertEmails
    runbooks: runbooks
    tags: tags
  }
}

module workbook 'modules/workbook.bicep' = {
  name: '${name}-workbook'
  params: {
    name: name
    location: location
    workspaceId: monitoring.outputs.workspaceId
    tags: tags
  }
}

@description('The function app that the app is published to.')
output functionAppName string = functionApp.outputs.name

@description('Where the HTTP API answers, below /api.')
output url string = functionApp.outputs.url

@description('The identity that the app works as: for roles that the installation does not give it.')
output identityPrincipalId string = identity.outputs.principalId

@description('For snapshot.container of a spec: a container that takes immutability policies.')
output snapshotContainer string = storage.outputs.snapshotContainer

@description('The storage account that holds the published package.')
output storageAccountName string = storage.outputs.name

@description('The vault for the webhooks\' signing secrets.')
output keyVaultName string = keyVault.outputs.name
