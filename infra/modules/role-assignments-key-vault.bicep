metadata name = 'Roles on the key vault'
metadata description = 'Key Vault Secrets User: reads values, changes nothing.'

@description('Required. Name of the vault.')
param keyVaultName string

@description('Required. Object id of the identity that gets them.')
param principalId string


var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var roles = [secretsUser]

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: keyVaultName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(vault.id, principalId, role)
    scope: vault
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
