import type { Assembly } from '../contract.ts';
import { namedValues } from '../named-values.ts';
import { headerOf, requestTime } from './exchange.ts';
import type { ApiRequest } from './exchange.ts';
import { traceId } from './trace-id.ts';

export interface RequestIdentity {
  readonly assembly: Pick<Assembly, 'accountId' | 'region'>;
  readonly apiId: string;
  readonly stage: string;
  readonly requestId: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  readonly timeEpoch: number;
}

export interface RequestPayload {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function requestPayload(request: ApiRequest, identity: RequestIdentity): RequestPayload {
  const { apiId, stage, routeKey, requestId, timeEpoch, assembly } = identity;
  const domainName = `${apiId}.execute-api.${assembly.region}.amazonaws.com`;
  // HTTP APIs decode the path and prefix it with any stage other than `$default`.
  const decoded = decodeURIComponent(request.path);
  const path = stage === '$default' ? decoded : `/${stage}${decoded}`;
  const { cookie, ...headers } = request.headers;
  const queryStringParameters = queryParameters(request.query);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers: { ...headers, host: domainName, 'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? traceId() },
    ...(queryStringParameters === undefined ? {} : { queryStringParameters }),
    requestContext: {
      accountId: assembly.accountId,
      apiId,
      domainName,
      domainPrefix: apiId,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headerOf(request.headers, 'user-agent') ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: requestTime(timeEpoch),
      timeEpoch,
    },
    ...(identity.pathParameters === undefined ? {} : { pathParameters: identity.pathParameters }),
    ...(identity.stageVariables === undefined ? {} : { stageVariables: identity.stageVariables }),
  };
}

export function integrationEvent(
  payload: RequestPayload,
  request: ApiRequest,
  authorizer: Readonly<Record<string, unknown>> | undefined,
): object {
  const encoded = !isText(headerOf(request.headers, 'content-type'));
  return {
    ...payload,
    requestContext: authorizer === undefined ? payload.requestContext : { ...payload.requestContext, authorizer },
    ...(request.body.length === 0 ? {} : { body: request.body.toString(encoded ? 'base64' : 'utf8') }),
    isBase64Encoded: request.body.length > 0 && encoded,
  };
}

/** Commas join the values of a repeated parameter. */
export function queryParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const parameters = namedValues<string>();
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = parameters[name] === undefined ? value : `${parameters[name]},${value}`;
  }
  return parameters;
}

/** Other bodies, including forms, are in base64. */
function isText(contentType: string | undefined): boolean {
  return contentType !== undefined && textTypes.test(contentType);
}

const textTypes = /^(text\/|application\/(json|javascript|xml|([\w.-]+\+(json|xml)))\b)/i;
