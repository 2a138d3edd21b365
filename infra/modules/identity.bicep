metadata name = 'Identity'
metadata description = 'The identity that the app works as, everywhere: no key and no password exists for it.'

@description('Required. Name of the identity.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of the identity.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Name of the identity.')
output name string = identity.name

@description('Object id of its service principal, for role assignments.')
output principalId string = identity.properties.principalId
