metadata name = 'Roles on a storage account whose data moves'
metadata description = 'Reader finds the account and its locks while planning; a blob data role copies. Index tags need Owner.'

@description('Required. Name of the account.')
param storageAccountName string

@description('Required. Object id of the identity that gets them.')
param principalId string

@description('Required. Whether blob index tags move too.')
param carryTags bool

var reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var roles = [reader, carryTags ? blobDataOwner : blobDataContributor]

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
