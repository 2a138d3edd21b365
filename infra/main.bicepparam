using 'main.bicep'

// Every installation says these two; docs/azure.md gives them on the command line, which wins. The rest has defaults, described in main.bicep.
param name = 'migrate'
param audience = '00000000-0000-0000-0000-000000000000'

// Who is told: 'operators@contoso.com', one address a line. Empty: alerts are seen in the portal only.
param alertEmails = [
]

// What it may move: nothing, until its id is said here, one a line. Step 3 of docs/azure.md prints them.
param targetSites = [
  // '/subscriptions/…/resourceGroups/shop/providers/Microsoft.Web/sites/shop'
]
param targetPlans = [
  // '/subscriptions/…/resourceGroups/shop/providers/Microsoft.Web/serverfarms/shop-plan'
]
param targetStorageAccounts = [
  // '/subscriptions/…/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/shopstore'
]
