import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import { principalOf } from '../handler/claims.ts';
import type { SocketEvent } from '../handler/socket.ts';
import { log } from '../runtime/logger.ts';
import { removeConnections } from './connections.ts';
import { keepLease } from './presence/keep-lease.ts';
import { endLease } from './presence/leases.ts';

/** `$disconnect`: forgets the connection. The platform tells of an end at best once, so nothing relies on it. */
export async function disconnect(event: SocketEvent): Promise<APIGatewayProxyResultV2> {
  const { connectionId, requestId } = event.requestContext;
  const principal = principalOf(event.requestContext.authorizer);
  if (principal !== undefined) {
    const { scope, userId } = principal;
    await removeConnections(scope, userId, [connectionId]);
    await keepLease(endLease(scope, userId, connectionId, 'told'));
  }
  log('info', 'socket.disconnected', { requestId, connectionId, userId: principal?.userId });
  return { statusCode: 200 };
}
