metadata name = 'Roles on Application Insights'
metadata description = 'Monitoring Metrics Publisher: sends telemetry, reads none.'

@description('Required. Name of the component.')
param applicationInsightsName string

@description('Required. Object id of the identity that gets them.')
param principalId string


var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
var roles = [metricsPublisher]

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(applicationInsights.id, principalId, role)
    scope: applicationInsights
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
