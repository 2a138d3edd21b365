metadata name = 'Package'
metadata description = 'The app itself: a package that the platform fetches from an address and publishes.'

@description('Required. Name of the function app.')
param appName string

@description('Required. Address of the package, a zip as dotnet publish makes it. Whoever has the address must be able to read it: public, or with a signature in it.')
@secure()
param packageUri string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource deployment 'Microsoft.Web/sites/extensions@2025-03-01' = {
  parent: app
  name: 'onedeploy'
  // The type definitions know the name and not the properties.
  #disable-next-line BCP187
  properties: {
    packageUri: packageUri
    // The package is built; building it anew would take other versions.
    remoteBuild: false
  }
}
