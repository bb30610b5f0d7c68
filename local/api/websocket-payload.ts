import type { Assembly } from '../contract.ts';
import { namedValues } from '../named-values.ts';
import { requestTime } from './exchange.ts';

/** What is known of a connection for as long as it lives. */
export interface ConnectionIdentity {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** What the authorizer said, each value as text. */
  readonly authorizer: Readonly<Record<string, unknown>> | undefined;
}

/** Where a WebSocket API is. */
export interface SocketPlace {
  readonly assembly: Pick<Assembly, 'region'>;
  readonly apiId: string;
  readonly stage: string;
}

/** The request of a handshake, as events carry it. */
export interface Handshake {
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>>;
}

/**
 * The `requestContext` of a WebSocket event
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html).
 */
export function socketContext(
  place: SocketPlace,
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
    stage: place.stage,
    connectedAt: connection.connectedAt,
    requestTimeEpoch,
    identity: {
      sourceIp: connection.sourceIp,
      ...(connection.userAgent === undefined ? {} : { userAgent: connection.userAgent }),
    },
    requestId,
    domainName: domainName(place),
    connectionId: connection.connectionId,
    apiId: place.apiId,
    ...(connection.authorizer === undefined ? {} : { authorizer: connection.authorizer }),
  };
}

/** The headers and query of a handshake in the four forms in which events have them. */
export function handshakeOf(place: SocketPlace, headers: Readonly<Record<string, string>>, query: string): Handshake {
  const all: Record<string, string> = { Host: domainName(place) };
  for (const [name, value] of Object.entries(headers)) if (name !== 'host') all[writtenName(name)] = value;
  const single = namedValues<string>();
  const multiple = namedValues<string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    // With one value for each name, the last one counts.
    single[name] = value;
    (multiple[name] ??= []).push(value);
  }
  return {
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    ...(query === '' ? {} : { queryStringParameters: single, multiValueQueryStringParameters: multiple }),
  };
}

function domainName(place: SocketPlace): string {
  return `${place.apiId}.execute-api.${place.assembly.region}.amazonaws.com`;
}

/** WebSocket events write header names the way HTTP/1.1 clients do: `Sec-WebSocket-Key`, `User-Agent`. */
function writtenName(name: string): string {
  return name
    .split('-')
    .map((part) => (part === 'websocket' ? 'WebSocket' : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('-');
}
