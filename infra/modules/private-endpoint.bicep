metadata name = 'Private endpoint'
metadata description = 'One service of a resource, reached from within a subnet.'

@description('Required. Name of the endpoint.')
param name string

@description('Required. Region.')
param location string

@description('Required. The part that is reached: blob, queue or table of an account, vault of a vault, scheduler of a scheduler.')
param service string

@description('Required. Resource id of what is reached.')
param resourceId string

@description('Required. Resource id of the subnet.')
param subnetId string

@description('Required. Resource id of the zone that its name is put in.')
param privateDnsZoneId string

@description('Required. Tags of the endpoint.')
param tags object

resource endpoint 'Microsoft.Network/privateEndpoints@2025-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: service
        properties: {
          privateLinkServiceId: resourceId
          groupIds: [service]
        }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-09-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: service
        properties: {
          privateDnsZoneId: privateDnsZoneId
        }
      }
    ]
  }
}
