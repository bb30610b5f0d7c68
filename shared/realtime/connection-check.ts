import { now } from '../runtime/clock.ts';
import type { Principal } from '../tenancy/principal.ts';
import { type Connection, connectionsOfUser } from './connections.ts';

/** A session that ended is noticed within this time, even if closing its sockets failed. */
const cacheMs = 5000;
const cacheSize = 5000;
const cache = new Map<string, { readonly at: number; readonly connections: readonly Connection[] }>();

/**
 * Whether a connection may still speak for its session. Ending a session removes its connections from the user's item,
 * so one read of at most every 5 s tells; connections of expired tokens are refused without any.
 */
export async function connectionIsLive(principal: Principal, connectionId: string): Promise<boolean> {
  if (principal.expiresAt <= now()) return false;
  const key = `${principal.tenantId}/${principal.userId}`;
  const cached = cache.get(key);
  const isAmong = (connections: readonly Connection[]): boolean =>
    connections.some((one) => one.connectionId === connectionId && one.sessionId === principal.sessionId);
  if (cached !== undefined && now() - cached.at < cacheMs && isAmong(cached.connections)) return true;

  const at = now();
  let connections = await connectionsOfUser(principal.scope, principal.userId, { consistent: false });
  // A connection that was just made may be missing from an eventually consistent read.
  if (!isAmong(connections))
    connections = await connectionsOfUser(principal.scope, principal.userId, { consistent: true });
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value ?? '');
  cache.set(key, { at, connections });
  return isAmong(connections);
}
