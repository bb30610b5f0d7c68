import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import { principalOf } from '../../transport/claims.ts';
import type { SocketEvent } from '../../transport/socket.ts';
import { log } from '../../core/runtime/logger.ts';
import { removeConnections } from '../../core/delivery/connections.ts';
import { keepLease } from '../presence/keep-lease.ts';
import { endLease } from '../../core/delivery/leases.ts';

/** `$disconnect`: removes the connection. API Gateway sends the event at most once, so nothing relies on it. */
export async function disconnect(event: SocketEvent): Promise<APIGatewayProxyResultV2> {
  const { connectionId, requestId } = event.requestContext;
  const principal = principalOf(event.requestContext.authorizer);
  if (principal !== undefined) {
    const { scope, userId } = principal;
    await removeConnections(scope, userId, [connectionId]);
    await keepLease(endLease(scope, userId, connectionId, 'reported'));
  }
  log('info', 'socket.disconnected', { requestId, connectionId, userId: principal?.userId });
  return { statusCode: 200 };
}
