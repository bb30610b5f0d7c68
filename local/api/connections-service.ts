import type { Service, ServiceResponse } from '../contract.ts';
import { OpenConnections } from './websocket-connections.ts';
import type { ConnectionLimits } from './websocket-connections.ts';

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const payloadLimit = 128 * 1024;

export interface ManagedApi {
  readonly id: string;
  readonly stage: string;
  readonly connections: OpenConnections;
  readonly limits: ConnectionLimits;
  readonly now: () => number;
}

/**
 * The `@connections` service. Answers 410 for a connection that is closed, unknown, or whose `$connect` has not
 * returned, and 400 for a malformed id. 200 does not mean that the message arrived.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function connectionsService(apis: readonly ManagedApi[], account: () => boolean = () => true): Service {
  return async (request) => {
    // Posts count as the account's requests. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    if (!account()) return refusal(429, 'LimitExceededException', 'Too Many Requests');
    const [, apiId, stage, , encodedId = ''] = request.path.split('/');
    const api = apis.find((candidate) => candidate.id === apiId && candidate.stage === stage);
    if (api === undefined) return refusal(403, 'ForbiddenException', 'Forbidden');
    const connectionId = decodeId(encodedId);
    if (connectionId === undefined) {
      return refusal(400, 'BadRequestException', `Invalid connectionId: ${encodedId}`);
    }
    const connection = api.connections.get(connectionId);
    if (connection === undefined || connection.socket.readyState !== connection.socket.OPEN) {
      return refusal(410, 'GoneException', 'Gone');
    }
    switch (request.method) {
      case 'POST':
        if (request.body.length > payloadLimit) {
          return refusal(413, 'PayloadTooLargeException', 'Message too long');
        }
        if (connection.socket.bufferedAmount + request.body.length > api.limits.clientBufferBytes) {
          return refusal(429, 'LimitExceededException', 'The buffer of the client is full');
        }
        connection.socket.send(request.body, { binary: false });
        connection.lastActiveAt = api.now();
        return { status: 200, headers: { 'content-type': 'application/json' }, body: '' };
      case 'GET':
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            connectedAt: new Date(connection.connectedAt).toISOString(),
            identity: { sourceIp: connection.sourceIp, userAgent: connection.userAgent },
            lastActiveAt: new Date(connection.lastActiveAt).toISOString(),
          }),
        };
      case 'DELETE':
        connection.socket.close(1000, 'Connection closed normally');
        return { status: 204, headers: {}, body: '' };
      default:
        return refusal(403, 'ForbiddenException', 'Forbidden');
    }
  };
}

function decodeId(encoded: string): string | undefined {
  try {
    const id = decodeURIComponent(encoded);
    return OpenConnections.isId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

function refusal(status: number, code: string, message: string): ServiceResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ message }),
  };
}
