// Scalar's API reference, served from this origin. All requests to other hosts are switched off: fonts, telemetry, the
// request proxy, the assistant, and links to its services.
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
