metadata name = 'Workbook'
metadata description = 'A page in the Azure portal: runs, what people decided, steps, data.'

@description('Required. What the title begins with.')
param name string

@description('Required. Region.')
param location string

@description('Required. Resource id of the workspace that the queries read.')
param workspaceId string

@description('Required. Tags of the workbook.')
param tags object

var tables = [
  {
    title: 'Open runs'
    query: loadTextContent('../kql/runs-open.kql')
  }
  {
    title: 'Pending approvals'
    query: loadTextContent('../kql/approvals-pending.kql')
  }
  {
    title: 'Incidents that wait for a decision'
    query: loadTextContent('../kql/decisions-waiting.kql')
  }
  {
    title: 'Runs that ended: downtime, write pause, what is left behind'
    query: loadTextContent('../kql/runs-ended.kql')
  }
  {
    title: 'Steps: how long'
    query: loadTextContent('../kql/steps.kql')
  }
  {
    title: 'Runs started'
    query: loadTextContent('../kql/runs-started.kql')
  }
  {
    title: 'What people did'
    query: loadTextContent('../kql/decisions.kql')
  }
  {
    title: 'Steps that failed'
    query: loadTextContent('../kql/steps-failed.kql')
  }
  {
    title: 'Activities: how long, how often again'
    query: loadTextContent('../kql/activities.kql')
  }
  {
    title: 'Passes over data'
    query: loadTextContent('../kql/sync-passes.kql')
  }
  {
    title: 'Final deltas: the part of a write pause that copies'
    query: loadTextContent('../kql/final-deltas.kql')
  }
  {
    title: 'Conflicts'
    query: loadTextContent('../kql/data-conflicts.kql')
  }
  {
    title: 'Errors of the host'
    query: loadTextContent('../kql/host-errors.kql')
  }
]

var timeRange = [
  {
    type: 9
    name: 'time'
    content: {
      version: 'KqlParameterItem/1.0'
      style: 'pills'
      parameters: [
        {
          id: guid('time')
          version: 'KqlParameterItem/1.0'
          name: 'TimeRange'
          label: 'Time'
          type: 4
          isRequired: true
          value: {
            durationMs: 604800000
          }
        }
      ]
    }
  }
]

var queries = map(tables, table => {
  type: 3
  name: table.title
  content: {
    version: 'KqlItem/1.0'
    title: table.title
    query: table.query
    size: 0
    queryType: 0
    resourceType: 'microsoft.operationalinsights/workspaces'
    crossComponentResources: [workspaceId]
    timeContextFromParameter: 'TimeRange'
    visualization: 'table'
  }
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: '${name}: migrations'
    category: 'workbook'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat(timeRange, queries)
      isLocked: false
    })
  }
}
