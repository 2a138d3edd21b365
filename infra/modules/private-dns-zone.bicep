metadata name = 'Private DNS zone'
metadata description = 'Makes the names of one storage service lead to private endpoints within a virtual network.'

@description('Required. The service: blob, queue or table.')
param service string

@description('Required. Resource id of the virtual network.')
param virtualNetworkId string

@description('Required. Tags of the zone.')
param tags object

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.${service}.${environment().suffixes.storage}'
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
