// Scalar's API reference, served from this origin. Whatever it would ask of other hosts is switched off: fonts,
// telemetry, the request proxy, the assistant, links into its own services.
globalThis.Scalar.createApiReference('#reference', {
  url: '/api/v1/openapi.json',
  baseServerURL: globalThis.location.origin,
  proxyUrl: '',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  externalUrls: { dashboardUrl: '', registryUrl: '', proxyUrl: '', apiBaseUrl: '' },
  documentDownloadType: 'json',
  authentication: { preferredSecurityScheme: 'accessToken' },
  defaultOpenFirstTag: true,
  metaData: { title: 'Try it · Switchboard' },
});
