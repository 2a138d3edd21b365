metadata name = 'Private DNS zone'
metadata description = 'Makes the names of one service lead to private endpoints within a virtual network.'

@description('Required. Name of the zone, as the service asks for it.')
param name string

@description('Required. Resource id of the virtual network.')
param virtualNetworkId string

@description('Required. Tags of the zone.')
param tags object

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: name
  location: 'global'
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'app'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: virtualNetworkId
    }
  }
}

@description('Resource id of the zone.')
output id string = zone.id
