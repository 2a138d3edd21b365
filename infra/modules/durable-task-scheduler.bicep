metadata name = 'Durable Task Scheduler'
metadata description = 'Keeps the state of runs and hands out their work.'

@description('Required. Name of the scheduler, 3 to 64 letters, digits and hyphens.')
@minLength(3)
@maxLength(64)
param name string

@description('Required. Region.')
param location string

@description('Required. Consumption or Dedicated.')
param sku string

@description('Required. Whether only private endpoints lead to it.')
param isPrivate bool

@description('Required. Days from its end until an instance is purged, 1 to 90.')
@minValue(1)
@maxValue(90)
param retentionDays int

@description('Required. Tags of the scheduler.')
param tags object

@description('Optional. Addresses that may reach it, as CIDR. An empty list keeps everybody out; who is let in still needs a role.')
param ipAllowlist string[] = ['0.0.0.0/0']

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: ipAllowlist
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    sku: sku == 'Dedicated'
      ? {
          name: sku
          capacity: 1
        }
      : {
          name: sku
        }
  }
}

// The name is hubName of host.scheduler.json.
resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: 'Orchestrator'
}

// Without it the scheduler purges after 30 days. The app purges after as many days, so nobody has to know which of the two came first.
resource retention 'Microsoft.DurableTask/schedulers/retentionPolicies@2026-02-01' = {
  parent: scheduler
  name: 'default'
  properties: {
    retentionPolicies: [
      {
        retentionPeriodInDays: retentionDays
      }
    ]
  }
}

@description('Resource id of the scheduler.')
output id string = scheduler.id

@description('Name of the scheduler, after its task hub is there.')
output name string = split(taskHub.id, '/')[8]

@description('Where the app reaches it.')
output endpoint string = scheduler.properties.endpoint
