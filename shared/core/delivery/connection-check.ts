import { tooManyConnections } from '../../contract/sockets/problems.ts';
import { sessionEnded } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { now } from '../runtime/clock.ts';
import { ExpiringCache } from '../runtime/expiring-cache.ts';
import type { Principal } from '../tenancy/principal.ts';
import { authorisedConnections, type Connection } from './connections.ts';

/** Frames of ended sessions are rejected after at most 5 s. */
const cache = new ExpiringCache<readonly Connection[]>({ lifeMs: 5000, size: 5000 });

/** An immediate reconnection would displace another connection. */
export const displacedForMs = 5 * 60 * 1000;

/**
 * Undefined if frames are accepted. Reads connections and ended sessions at most every 5 s, and nothing for an expired
 * token.
 */
export async function refusalOfConnection(
  principal: Principal,
  connectionId: string,
): Promise<Refusal<typeof sessionEnded> | Refusal<typeof tooManyConnections> | undefined> {
  if (principal.expiresAt <= now()) return refuse(sessionEnded);
  const { scope, tenantId, userId, sessionId } = principal;
  const key = `${tenantId}/${userId}`;
  const find = async (consistent: boolean): Promise<Connection | undefined> => {
    const connections = await cache.get(key, () => authorisedConnections(scope, userId, { consistent }));
    return connections.find((each) => each.connectionId === connectionId && each.sessionId === sessionId);
  };

  let found = await find(false);
  if (found === undefined) {
    // The cache and an eventually consistent read may miss a new connection.
    cache.delete(key);
    found = await find(true);
  }
  if (found === undefined) return refuse(sessionEnded);
  return found.displaced === true ? refuse(tooManyConnections, { retryAfterMs: displacedForMs }) : undefined;
}
