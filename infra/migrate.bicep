metadata name = 'A migration from a deployment'
metadata description = 'For pipelines that deploy Bicep. The deployment\'s name is the run\'s id'

targetScope = 'resourceGroup'

@description('Required. The spec as JSON, without its id. Secure: settings of the release may be in it.')
@secure()
param spec object

@description('Required. The installation\'s address: the output url of infra/main.bicep.')
param url string

@description('Required. The client id of the installation\'s app registration.')
param audience string

@description('Required. Resource id of a user-assigned identity that has the roles Migrations.Start and Migrations.Read.')
param identityId string

module migration 'modules/migration.bicep' = {
  name: 'migration-${uniqueString(deployment().name)}'
  params: {
    migrationId: toLower(deployment().name)
    spec: spec
    url: url
    audience: audience
    identityId: identityId
  }
}

@description('How the run ended: id, status, and figures where there are some.')
output result object = migration.outputs.result
