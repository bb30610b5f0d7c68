import { tooManyConnections } from '../../contract/sockets/problems.ts';
import { sessionEnded } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { now } from '../runtime/clock.ts';
import { ExpiringCache } from '../runtime/expiring-cache.ts';
import type { Principal } from '../tenancy/principal.ts';
import { authorisedConnections, type Connection } from './connections.ts';

/** A connection of an ended session is rejected within this time, even if closing it failed. */
const cache = new ExpiringCache<readonly Connection[]>({ lifeMs: 5000, size: 5000 });

/** A displaced client that reconnects at once would displace the next one, and so on. */
export const displacedForMs = 5 * 60 * 1000;

/**
 * The reason to reject a connection's frames, or undefined if there is none. The item of the user's connections lists
 * the ended sessions, so one read at most every 5 s decides; connections with expired tokens are rejected without a
 * read.
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
    // A new connection may be missing from the cache and from an eventually consistent read.
    cache.delete(key);
    found = await find(true);
  }
  if (found === undefined) return refuse(sessionEnded);
  return found.displaced === true ? refuse(tooManyConnections, { retryAfterMs: displacedForMs }) : undefined;
}
