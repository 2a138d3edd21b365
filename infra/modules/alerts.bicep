metadata name = 'Alerts'
metadata description = 'Who is told, and when. Every query lists what is wrong, so that one row is enough to fire.'

@description('Required. What the names begin with.')
param name string

@description('Required. Region.')
param location string

@description('Required. Resource id of the workspace that the queries read.')
param workspaceId string

@description('Required. E-mail addresses of those who are told; none: rules fire and are seen in the portal only.')
param emails string[]

@description('Optional. Where docs/alerts is to be read, with a slash at the end; every rule then names its page. Absent: the page is that of the rule\'s name.')
param runbooks string?

@description('Required. Tags of everything.')
param tags object

var rules = [
  {
    name: 'decision-waiting'
    description: 'A run has stood at an incident for a quarter of an hour: a person must say retry, skip, done or abort.'
    severity: 1
    query: loadTextContent('../kql/decisions-waiting.kql')
  }
  {
    name: 'swap-slow'
    description: 'A run has been at its swap for more than two minutes: writes may be paused, and nobody is asked yet.'
    severity: 1
    query: loadTextContent('../kql/swaps-slow.kql')
  }
  {
    name: 'run-failed'
    description: 'A run ended failed, or left something behind: what remains is a person\'s.'
    severity: 2
    query: loadTextContent('../kql/runs-failed.kql')
  }
  {
    name: 'approval-waiting'
    description: 'An approval has waited four hours, or expires within the hour: then its run is undone.'
    severity: 3
    query: loadTextContent('../kql/approvals-waiting.kql')
  }
  {
    name: 'step-failed'
    description: 'An orchestration of a step ended with an error: its run is undone, or a person is asked what to do.'
    severity: 2
    query: loadTextContent('../kql/steps-failed.kql')
  }
  {
    name: 'call-failed'
    description: 'A call to the API ended in a way that nobody foresaw. Its trace is in the row.'
    severity: 2
    query: loadTextContent('../kql/calls-failed.kql')
  }
  {
    name: 'not-ready'
    description: 'The engine\'s store, the blobs or the tenant\'s keys could not be reached: no run can be started.'
    severity: 1
    query: loadTextContent('../kql/not-ready.kql')
  }
  {
    name: 'host-error'
    description: 'The Functions host logged an error of its own.'
    severity: 2
    query: loadTextContent('../kql/host-errors.kql')
  }
  {
    name: 'sync-stalled'
    description: 'The last passes over a run\'s data came no closer to production.'
    severity: 3
    query: loadTextContent('../kql/sync-stalled.kql')
  }
  {
    name: 'data-conflicts'
    description: 'Objects were changed on both sides. Which version was kept is said in the row.'
    severity: 2
    query: loadTextContent('../kql/data-conflicts.kql')
  }
  {
    name: 'not-told'
    description: 'A webhook that a spec names could not be told of an event: somebody may wait for what has come.'
    severity: 3
    query: loadTextContent('../kql/not-told.kql')
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-operators'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: [
      for (email, index) in emails: {
        name: 'operator-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${rule.name}'
      description: '${rule.description} What to do: ${runbooks ?? 'docs/alerts/'}${rule.name}.md'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      // Longer than the time between two looks: lines come late.
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [actionGroup.id]
        customProperties: {
          runbook: '${runbooks ?? 'docs/alerts/'}${rule.name}.md'
        }
      }
    }
  }
]
