import type { ApiRequest, ApiResponse } from './exchange.ts';

interface CorsConfiguration {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowOrigins?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
}

/** Cross-origin rules of an HTTP API. */
export interface CrossOrigin {
  /** The answer to a preflight request, which the gateway gives itself; undefined if the request is none. */
  preflight(request: ApiRequest): ApiResponse | undefined;
  /** Puts the API's own headers in the place of those that the function may have sent. */
  apply(request: ApiRequest, response: ApiResponse): ApiResponse;
}

/**
 * The `CorsConfiguration` of an HTTP API: with one, the gateway answers preflight requests whether or not there is an
 * `OPTIONS` route, and ignores the function's CORS headers
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).
 */
export function crossOrigin(configuration: CorsConfiguration | undefined): CrossOrigin {
  if (configuration === undefined) return { preflight: () => undefined, apply: (_request, response) => response };

  function commonHeaders(origin: string | undefined): [string, string][] {
    const allowed = allowedOrigin(configuration?.AllowOrigins ?? [], origin);
    if (allowed === undefined) return [];
    const headers: [string, string][] = [['access-control-allow-origin', allowed]];
    if (allowed !== '*') headers.push(['vary', 'origin']);
    if (configuration?.AllowCredentials === true) headers.push(['access-control-allow-credentials', 'true']);
    return headers;
  }

  return {
    preflight: (request) => {
      const { origin, 'access-control-request-method': method } = request.headers;
      if (request.method !== 'OPTIONS' || origin === undefined || method === undefined) return undefined;
      const headers = commonHeaders(origin);
      if (headers.length > 0) {
        const { AllowMethods, AllowHeaders, MaxAge } = configuration;
        if (AllowMethods) headers.push(['access-control-allow-methods', AllowMethods.join(',')]);
        if (AllowHeaders) headers.push(['access-control-allow-headers', AllowHeaders.join(',')]);
        if (MaxAge !== undefined) headers.push(['access-control-max-age', String(MaxAge)]);
      }
      return { status: 204, headers, body: '' };
    },
    apply: (request, response) => {
      const kept = response.headers.filter(([name]) => !name.startsWith('access-control-'));
      const added = commonHeaders(request.headers['origin']);
      if (added.length > 0 && configuration.ExposeHeaders) {
        added.push(['access-control-expose-headers', configuration.ExposeHeaders.join(',')]);
      }
      return { ...response, headers: [...kept, ...added] };
    },
  };
}

function allowedOrigin(allowed: readonly string[], origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (allowed.includes('*')) return '*';
  for (const pattern of allowed) {
    if (pattern === origin) return origin;
    // `https://*` and `http://*` stand for every origin of that scheme.
    if (pattern.endsWith('*') && origin.startsWith(pattern.slice(0, -1))) return origin;
  }
  return undefined;
}
