metadata name = 'Function app'
metadata description = 'The app on a Flex Consumption plan, with every setting that it reads.'

@description('Required. Name of the app: part of its address.')
param name string

@description('Required. Region.')
param location string

@description('Required. Name of the identity that the app works as.')
param identityName string

@description('Required. Name of the storage account that holds the package, the documents and the host\'s own data.')
param storageAccountName string

@description('Required. Name of the Application Insights component that telemetry goes to.')
param applicationInsightsName string

@description('Required. Name of the vault that holds the webhooks\' signing secrets.')
param keyVaultName string

@description('Required. Whom tokens must be for.')
param audience string

@description('Required. Id of the tenant whose tokens are believed.')
param tenantId string

@description('Required. Whether the retention of snapshots is locked.')
param lockRetention bool

@description('Required. Days from its end until a run is purged from the task hub.')
param runRetentionDays int

@description('Required. Names of the webhooks\' signing secrets, in the settings and in the vault.')
param webhookSecrets string[]

@description('Required. Instances that are always ready, for calls and for orchestrations each.')
param alwaysReadyInstances int

@description('Required. The most instances that the app may grow to.')
param maximumInstances int

@description('Required. What happens to running instances when code or settings change: Recreate or RollingUpdate.')
param updateStrategy string

@description('Required. Tags of app and plan.')
param tags object

@description('Optional. Where the Durable Task Scheduler is reached; absent: runs are kept in the storage account.')
param schedulerEndpoint string?

@description('Optional. Resource id of the subnet that the app runs in; absent: in none.')
param subnetId string?

@description('Optional. Where telemetry goes beside Application Insights: address of an OTLP endpoint; absent: nowhere.')
param otlpEndpoint string?

@description('Optional. Name of the vault\'s secret with the headers that this endpoint wants, as name=value pairs; absent: none.')
param otlpHeadersSecret string?

@description('Optional. Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

var hostSettings = {
  AzureWebJobsStorage__accountName: account.name
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  // Which of its identities the app's own calls to Azure use.
  AZURE_CLIENT_ID: identity.properties.clientId
  // Nothing is sampled away, a failure least of all; docs/capacity.md says what that comes to.
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: '1'
}

var otlpSettings = otlpEndpoint == null
  ? {}
  : {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint!
    }

var otlpHeaderSettings = otlpHeadersSecret == null
  ? {}
  : {
      OTEL_EXPORTER_OTLP_HEADERS: '@Microsoft.KeyVault(VaultName=${keyVaultName};SecretName=${otlpHeadersSecret!})'
    }

var schedulerSettings = schedulerEndpoint == null
  ? {}
  : {
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint!};Authentication=ManagedIdentity;ClientID=${identity.properties.clientId}'
    }

var appSettings = {
  State__Container: '${account.properties.primaryEndpoints.blob}state'
  State__AuditContainer: '${account.properties.primaryEndpoints.blob}audit'
  Auth__Authority: '${environment().authentication.loginEndpoint}${tenantId}/v2.0'
  Auth__Audience: audience
  Snapshots__LockRetention: string(lockRetention)
  Retention__Runs: '${runRetentionDays}.00:00:00'
}

var webhookSettings = toObject(
  webhookSecrets,
  secret => 'Notifications__Secrets__${secret}',
  secret => '@Microsoft.KeyVault(VaultName=${keyVaultName};SecretName=${secret})'
)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: storageAccountName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: '${name}-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // By this tag the Azure Developer CLI finds what azure.yaml calls orchestrator.
  tags: union(tags, { 'azd-service-name': 'orchestrator' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${account.properties.primaryEndpoints.blob}deployments'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstances
        instanceMemoryMB: instanceMemoryMB
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyInstances
              }
              {
                name: 'durable'
                instanceCount: alwaysReadyInstances
              }
            ]
      }
      // In the documentation, not in the type definitions.
      #disable-next-line BCP037
      siteUpdateStrategy: {
        type: updateStrategy
      }
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(hostSettings, otlpSettings, otlpHeaderSettings, schedulerSettings, appSettings, webhookSettings)
}

// Packages come with a token of Entra ID; a publishing password would be a second way in.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Name of the app.')
output name string = app.name

@description('Address of the app.')
output url string = 'https://${app.properties.defaultHostName}'
