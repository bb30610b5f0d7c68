import { now } from '../runtime/clock.ts';
import { ExpiringCache } from '../runtime/expiring-cache.ts';
import type { Principal } from '../tenancy/principal.ts';
import { type Connection, connectionsOfUser } from './connections.ts';

/** A session that ended is noticed within this time, even if closing its sockets failed. */
const cache = new ExpiringCache<readonly Connection[]>({ lifeMs: 5000, size: 5000 });

/**
 * Whether a connection may still speak for its session. The item of the user's connections says which sessions are over,
 * so one read of at most every 5 s tells; connections of expired tokens are refused without any.
 */
export async function connectionIsLive(principal: Principal, connectionId: string): Promise<boolean> {
  if (principal.expiresAt <= now()) return false;
  const { scope, tenantId, userId, sessionId } = principal;
  const key = `${tenantId}/${userId}`;
  const isAmong = (connections: readonly Connection[]): boolean =>
    connections.some((one) => one.connectionId === connectionId && one.sessionId === sessionId);

  if (isAmong(await cache.get(key, () => connectionsOfUser(scope, userId, { consistent: false })))) return true;
  // A connection that was just made may be missing from what is remembered, and from an eventually consistent read.
  cache.delete(key);
  return isAmong(await cache.get(key, () => connectionsOfUser(scope, userId, { consistent: true })));
}
