import type { ApiRequest, ApiResponse } from './exchange.ts';

interface CorsConfiguration {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowOrigins?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
}

export interface CrossOrigin {
  /** Undefined for requests other than preflights. */
  preflight(request: ApiRequest): ApiResponse | undefined;
  /** Replaces the function's CORS headers. */
  apply(request: ApiRequest, response: ApiResponse): ApiResponse;
}

/**
 * The gateway answers preflights without a route. A `$default` or `ANY` route receives them too: then the function
 * answers, and the gateway adds its headers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 * https://github.com/aws/serverless-application-model/issues/1603
 */
export function crossOrigin(configuration: CorsConfiguration | undefined): CrossOrigin {
  if (configuration === undefined) return { preflight: () => undefined, apply: (_request, response) => response };

  function headersFor(request: ApiRequest): [string, string][] {
    const allowed = allowedOrigin(configuration?.AllowOrigins ?? [], request.headers['origin']);
    if (configuration === undefined || allowed === undefined) return [];
    const { AllowCredentials, AllowMethods, AllowHeaders, ExposeHeaders, MaxAge } = configuration;
    const headers: [string, string][] = [['access-control-allow-origin', allowed]];
    if (allowed !== '*') headers.push(['vary', 'origin']);
    if (AllowCredentials === true) headers.push(['access-control-allow-credentials', 'true']);
    if (!isPreflight(request)) {
      if (ExposeHeaders) headers.push(['access-control-expose-headers', ExposeHeaders.join(',')]);
      return headers;
    }
    if (AllowMethods) headers.push(['access-control-allow-methods', AllowMethods.join(',')]);
    if (AllowHeaders) headers.push(['access-control-allow-headers', AllowHeaders.join(',')]);
    if (MaxAge !== undefined) headers.push(['access-control-max-age', String(MaxAge)]);
    return headers;
  }

  return {
    preflight: (request) => (isPreflight(request) ? { status: 204, headers: [], body: '' } : undefined),
    apply: (request, response) => {
      const kept = response.headers.filter(([name]) => !name.startsWith('access-control-'));
      return { ...response, headers: [...kept, ...headersFor(request)] };
    },
  };
}

function isPreflight({ method, headers }: ApiRequest): boolean {
  return (
    method === 'OPTIONS' && headers['origin'] !== undefined && headers['access-control-request-method'] !== undefined
  );
}

function allowedOrigin(allowed: readonly string[], origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (allowed.includes('*')) return '*';
  for (const pattern of allowed) {
    if (pattern === origin) return origin;
    // Such as `https://*`.
    if (pattern.endsWith('*') && origin.startsWith(pattern.slice(0, -1))) return origin;
  }
  return undefined;
}
