metadata name = 'Roles on the own storage account'
metadata description = 'Storage Blob Data Owner: the host asks for it, and snapshots need it to set policies. Queues and tables only where they keep the runs.'

@description('Required. Name of the account.')
param storageAccountName string

@description('Required. Object id of the identity that gets them.')
param principalId string

@description('Required. Whether the state of runs is kept in its queues and tables.')
param keepsRuns bool

var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var roles = keepsRuns ? [blobDataOwner, queueDataContributor, tableDataContributor] : [blobDataOwner]

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: storageAccountName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(account.id, principalId, role)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
