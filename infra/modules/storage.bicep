metadata name = 'Storage'
metadata description = 'The installation\'s own storage account: the app\'s package, its documents, snapshots, the host\'s data. Nobody gets in with a key.'

@description('Required. Name of the account, 3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Region.')
param location string

@description('Required. Whether only private endpoints lead to it.')
param isPrivate bool

@description('Required. How often, and where, the data is kept: a sku such as Standard_ZRS.')
param sku string

@description('Required. Tags of the account.')
param tags object

@description('Optional. Days that deleted blobs and containers can be brought back, 1 to 365.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 30

@description('Required. Days that nobody can change or delete an audit log, 1 to 146000.')
@minValue(1)
@maxValue(146000)
param auditRetentionDays int

@description('Optional. Days that previous versions of documents are kept, 1 to 3650. The documents themselves are kept for ever.')
@minValue(1)
@maxValue(3650)
param previousVersionDays int = 365

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2026-04-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
  }
}

resource deployments 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-04-01' = {
  parent: blobs
  name: 'deployments'
}

resource state 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-04-01' = {
  parent: blobs
  name: 'state'
}

// Every change of a document leaves the one before as a version.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2026-04-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'previousversionsofdocuments'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: ['blockBlob', 'appendBlob']
              prefixMatch: ['${state.name}/']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: previousVersionDays
                }
              }
            }
          }
        }
      ]
    }
  }
}

// A line is added to an audit log by writing it anew: what was there stays as a version, and no version can be changed or deleted for this long.
resource audit 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-04-01' = {
  parent: blobs
  name: 'audit'
  properties: {
    immutableStorageWithVersioning: {
      enabled: true
    }
  }
}

resource auditRetention 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2026-04-01' = {
  parent: audit
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: auditRetentionDays
  }
}

// Takes a policy for each blob; the app sets it when it seals a snapshot, for as long as the spec says.
resource snapshots 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-04-01' = {
  parent: blobs
  name: 'snapshots'
  properties: {
    immutableStorageWithVersioning: {
      enabled: true
    }
  }
}

@description('Resource id of the account.')
output id string = account.id

@description('Name of the account, after its containers are there.')
output name string = split(snapshots.id, '/')[8]

@description('URL of the container for snapshots.')
output snapshotContainer string = '${account.properties.primaryEndpoints.blob}${snapshots.name}'
