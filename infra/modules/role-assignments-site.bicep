metadata name = 'Roles on a site that may be moved'
metadata description = 'Website Contributor changes it and its slots; Monitoring Reader reads its metrics, which gates and windows go by, and its locks.'

@description('Required. Name of the site.')
param siteName string

@description('Required. Object id of the identity that gets them.')
param principalId string


var websiteContributor = 'de139f84-1756-47ae-9be6-808fbbe84772'
var monitoringReader = '43d0d8ad-25c7-4714-9337-8ba259a9fe05'
var roles = [websiteContributor, monitoringReader]

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: siteName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(site.id, principalId, role)
    scope: site
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
