metadata name = 'Roles on the scheduler'
metadata description = 'Durable Task Data Contributor: starts runs and works on them.'

@description('Required. Name of the scheduler.')
param schedulerName string

@description('Required. Object id of the identity that gets them.')
param principalId string


var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'
var roles = [durableTaskDataContributor]

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = {
  name: schedulerName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(scheduler.id, principalId, role)
    scope: scheduler
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
