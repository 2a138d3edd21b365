using 'main.bicep'

// The three that every installation says; the rest has defaults, described in main.bicep.
param name = 'migrate'
param audience = '00000000-0000-0000-0000-000000000000'
param alertEmails = ['operators@contoso.com']

// What it may move: nothing, until it is said here.
param targetSites = [
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.Web/sites/shop'
]
param targetPlans = [
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.Web/serverfarms/shop-plan'
]
param targetStorageAccounts = [
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/shopstore'
]
