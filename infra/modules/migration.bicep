metadata name = 'Migration'
metadata description = 'Starts a migration and waits for its end. A run that does not end well fails the deployment; deploying again waits for the same run.'

@description('Required. Id of the run: lower-case letters, digits and inner hyphens, at most 63. The same id with the same spec is the same run.')
@maxLength(63)
param migrationId string

@description('Required. The spec, as docs/azure.md points to it, without its id. Secure: settings of the release may be in it.')
@secure()
param spec object

@description('Required. Address of the app, without /api.')
param url string

@description('Required. Whom tokens must be for: the client id of the installation\'s app registration.')
param audience string

@description('Required. Resource id of a user-assigned identity that has the roles Migrations.Start and Migrations.Read.')
param identityId string

@description('Optional. Region of the container that waits.')
param location string = resourceGroup().location

@description('Optional. How long it waits, at most a day. A run that is not over by then goes on, and the deployment fails.')
param timeout string = 'PT23H'

@description('Optional. Makes every deployment look at the run again. Leave it out.')
param lookedAt string = utcNow()

@description('Optional. Tags of the script.')
param tags object = {}

resource migration 'Microsoft.Resources/deploymentScripts@2023-08-01' = {
  name: 'migrate-${migrationId}'
  location: location
  tags: tags
  kind: 'AzureCLI'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    azCliVersion: '2.67.0'
    scriptContent: loadTextContent('../scripts/migrate.sh')
    environmentVariables: [
      {
        name: 'MIGRATION_ID'
        value: migrationId
      }
      {
        name: 'MIGRATION_SPEC'
        // Of a secure parameter, which the compiler does not follow through functions.
        #disable-next-line use-secure-value-for-secure-inputs
        secureValue: string(union(spec, { id: migrationId }))
      }
      {
        name: 'ORCHESTRATOR_URL'
        value: url
      }
      {
        name: 'ORCHESTRATOR_AUDIENCE'
        value: audience
      }
    ]
    timeout: timeout
    forceUpdateTag: lookedAt
    cleanupPreference: 'OnExpiration'
    retentionInterval: 'P1D'
  }
}

@description('How the run ended: id, status, and figures where there are some.')
output result object = migration.properties.outputs
