import type { Assembly } from '../contract.ts';
import { namedValues } from '../named-values.ts';
import { requestTime } from './exchange.ts';

export interface ConnectionIdentity {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly authorizer: Readonly<Record<string, unknown>> | undefined;
}

export interface ApiStage {
  readonly assembly: Pick<Assembly, 'region'>;
  readonly apiId: string;
  readonly stage: string;
}

export interface Handshake {
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>>;
}

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function socketContext(
  apiStage: ApiStage,
  connection: ConnectionIdentity,
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
  routeKey: string,
  requestId: string,
): Record<string, unknown> {
  const requestTimeEpoch = Date.now();
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(requestTimeEpoch),
    messageDirection: 'IN',
    stage: apiStage.stage,
    connectedAt: connection.connectedAt,
    requestTimeEpoch,
    identity: {
      sourceIp: connection.sourceIp,
      ...(connection.userAgent === undefined ? {} : { userAgent: connection.userAgent }),
    },
    requestId,
    domainName: domainName(apiStage),
    connectionId: connection.connectionId,
    apiId: apiStage.apiId,
    ...(connection.authorizer === undefined ? {} : { authorizer: connection.authorizer }),
  };
}

export function handshakeOf(apiStage: ApiStage, headers: Readonly<Record<string, string>>, query: string): Handshake {
  const all: Record<string, string> = { Host: domainName(apiStage) };
  for (const [name, value] of Object.entries(headers)) if (name !== 'host') all[writtenName(name)] = value;
  const single = namedValues<string>();
  const multiple = namedValues<string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    // The last value wins.
    single[name] = value;
    (multiple[name] ??= []).push(value);
  }
  return {
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    ...(query === '' ? {} : { queryStringParameters: single, multiValueQueryStringParameters: multiple }),
  };
}

function domainName(apiStage: ApiStage): string {
  return `${apiStage.apiId}.execute-api.${apiStage.assembly.region}.amazonaws.com`;
}

/** `Sec-WebSocket-Key`, `User-Agent`. */
function writtenName(name: string): string {
  return name
    .split('-')
    .map((part) => (part === 'websocket' ? 'WebSocket' : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('-');
}
