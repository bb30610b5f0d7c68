import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import { principalOf } from '../handler/claims.ts';
import type { SocketEvent } from '../handler/socket.ts';
import { log } from '../runtime/logger.ts';
import { removeConnections } from './connections.ts';

/** `$disconnect`: forgets the connection. The platform tells of an end at best once, so nothing relies on it. */
export async function disconnect(event: SocketEvent): Promise<APIGatewayProxyResultV2> {
  const { connectionId, requestId } = event.requestContext;
  const principal = principalOf(event.requestContext.authorizer);
  if (principal !== undefined) await removeConnections(principal.scope, principal.userId, [connectionId]);
  log('info', 'socket.disconnected', { requestId, connectionId, userId: principal?.userId });
  return { statusCode: 200 };
}
