metadata name = 'Roles on a plan'
metadata description = 'Website Contributor, of which a plan only honours to be read and joined: a new slot joins the plan of its site.'

@description('Required. Name of the plan.')
param planName string

@description('Required. Object id of the identity that gets them.')
param principalId string


var websiteContributor = 'de139f84-1756-47ae-9be6-808fbbe84772'
var roles = [websiteContributor]

resource plan 'Microsoft.Web/serverfarms@2025-03-01' existing = {
  name: planName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(plan.id, principalId, role)
    scope: plan
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
