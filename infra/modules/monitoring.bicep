metadata name = 'Monitoring'
metadata description = 'The workspace that logs are kept in, and the Application Insights component that the host sends them through.'

@description('Required. What the names begin with.')
param name string

@description('Required. Region.')
param location string

@description('Required. Days that logs are kept, 30 to 730.')
param retentionDays int

@description('Required. Tags of both.')
param tags object

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: '${name}-logs'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
    }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${name}-insights'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Name of the component.')
output applicationInsightsName string = applicationInsights.name
