import { tooManyConnections } from '../../contract/sockets/problems.ts';
import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import { principalOf } from '../../transport/claims.ts';
import type { SocketEvent } from '../../transport/socket.ts';
import { readAccess } from '../identity/account-store.ts';
import { isSessionAlive } from '../identity/session-access.ts';
import { sessionEnded } from '../../contract/problems.ts';
import { log } from '../../core/runtime/logger.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { allows } from '../../core/tenancy/permissions.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { displacedForMs } from '../../core/delivery/connection-check.ts';
import { addConnection, type OverConnections, removeConnections } from '../../core/delivery/connections.ts';
import { endConnections } from '../../core/delivery/end-connections.ts';
import { takeLease } from '../../core/delivery/leases.ts';
import { keepLease } from '../presence/keep-lease.ts';

/** A client may add `bearer.<token>`, which is never returned. */
export const subprotocol = 'switchboard';

/**
 * `$connect`: records the connection. Closes the user's connections that have ended or exceed the limit. The answer
 * must select an offered subprotocol, or browsers close the socket.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
 */
export async function connect(event: SocketEvent): Promise<APIGatewayProxyResultV2> {
  const { connectionId, requestId } = event.requestContext;
  const principal = principalOf(event.requestContext.authorizer);
  if (principal === undefined) return { statusCode: 401 };
  const { scope, userId, sessionId, sessionVersion, expiresAt: tokenExpiresAt } = principal;
  const over = await addConnection(scope, { userId, connectionId, sessionId, sessionVersion, tokenExpiresAt });
  // If the session ended before the connection was recorded, its end did not close this connection.
  const access = await readAccess(scope, userId);
  if (access === undefined || !isSessionAlive(access, principal)) {
    await removeConnections(scope, userId, [connectionId]);
    return { statusCode: 401 };
  }
  // Otherwise, the desk would not notice that an agent has gone whose client never sends `hello`.
  const isAgent = allows(principal.role, 'desk:work');
  await settleAll([
    closeOver(scope, over, requestId),
    ...(isAgent ? [keepLease(takeLease(principal, connectionId))] : []),
  ]);
  log('info', 'socket.connected', { requestId, connectionId, tenantId: principal.tenantId, userId });
  return {
    statusCode: 200,
    ...(offersSubprotocol(event) ? { headers: { 'Sec-WebSocket-Protocol': subprotocol } } : {}),
  };
}

function offersSubprotocol(event: SocketEvent): boolean {
  const headers = (event as SocketEvent & { headers?: Record<string, string | undefined> }).headers ?? {};
  const offered = Object.entries(headers).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1] ?? '';
  return offered.split(',').some((protocol) => protocol.trim() === subprotocol);
}

/** A failure must not prevent the new connection. The next connect closes the rest. */
async function closeOver(scope: TenantScope, over: OverConnections, requestId: string): Promise<void> {
  try {
    await settleAll([
      endConnections(scope, over.ended, sessionEnded, requestId),
      endConnections(scope, over.displaced, tooManyConnections, requestId, displacedForMs),
    ]);
  } catch (error) {
    log('warn', 'connections.not-closed', { requestId }, error);
  }
}
