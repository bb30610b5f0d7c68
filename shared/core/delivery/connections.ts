import { now } from '../runtime/clock.ts';
import type { Expression } from '../table/expression.ts';
import { keys, userIdOf } from '../table/keys.ts';
import { tenantTable } from '../table/scoped-table.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';

export interface Connection {
  readonly userId: string;
  readonly connectionId: string;
  readonly sessionId: string;
  readonly sessionVersion: number;
  readonly connectedAt: number;
  /**
   * Later, the service sends nothing and rejects frames: the token has expired, or API Gateway has closed the
   * connection.
   */
  readonly leaseUntil: number;
  /** Newer connections displaced it. */
  readonly displaced?: true;
}

type StoredConnection = Omit<Connection, 'userId' | 'connectionId'>;
type ConnectionsItem = Readonly<Record<string, unknown>>;

/** API Gateway closes a connection after 2 hours, and reports it at most once. */
const leaseMs = (2 * 60 + 10) * 60 * 1000;
/**
 * A connection is recorded before its handshake completes. Until then, API Gateway answers a post with 410 Gone:
 * https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const handshakeMs = 30_000;
/** Above it, the service closes the oldest. */
export const connectionsPerUser = 20;
/** Separate attributes, so that concurrent updates do not overwrite one another. */
const attributePrefix = 'c:';
/**
 * The transaction that ends a session writes this to the same item, so readers see the end before the sockets close.
 * Value: until when the session could have connections, in milliseconds since the epoch.
 */
const endedPrefix = 'e:';
/** The lowest version whose connections have not ended. */
const versionAttribute = 'liveVersion';
/**
 * Padding: ended sessions can fill the item to DynamoDB's 400 KB. The write that ends all sessions removes the padding,
 * so it fits.
 */
const roomAttribute = 'room';
const room = '-'.repeat(64);
/** An expression may have 4 KB. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const mostRemoved = 100;

export interface OverConnections {
  /** The session ended or the token expired. */
  readonly ended: readonly Connection[];
  readonly displaced: readonly Connection[];
}

/**
 * Returns the user's connections to close: ended ones, and the oldest above the limit, which receive nothing from then
 * on. They stay recorded until closed.
 * @param connection `tokenExpiresAt` in milliseconds since the epoch.
 */
export async function addConnection(
  scope: TenantScope,
  connection: Pick<Connection, 'userId' | 'connectionId' | 'sessionId' | 'sessionVersion'> & {
    readonly tokenExpiresAt: number;
  },
): Promise<OverConnections> {
  const at = now();
  const { userId, sessionId, sessionVersion, tokenExpiresAt } = connection;
  const leaseUntil = Math.min(at + leaseMs, tokenExpiresAt);
  const stored: StoredConnection = { sessionId, sessionVersion, connectedAt: at, leaseUntil };
  const outcome = await tenantTable(scope).update<ConnectionsItem>(keys.userConnections(userId), {
    expression: 'SET #connection = :stored, #expiresAt = :expiresAt',
    names: { connection: attributePrefix + connection.connectionId },
    values: { stored, expiresAt: itemExpiry(at) },
  });
  if (!outcome.written) return { ended: [], displaced: [] };
  const live = liveOf(userId, outcome.item).toSorted((a, b) => b.connectedAt - a.connectedAt);
  const over = overOf(userId, outcome.item, live);
  const surplus = live.slice(connectionsPerUser);
  await markDisplaced(scope, userId, surplus);
  const pastEnds = Object.keys(outcome.item).filter(
    (name) => name.startsWith(endedPrefix) && Number(outcome.item[name]) <= at,
  );
  await removeAttributes(scope, userId, pastEnds.slice(0, mostRemoved));
  return {
    ended: over.filter(({ displaced }) => displaced !== true),
    // Closing may have failed earlier.
    displaced: [...over.filter(({ displaced }) => displaced === true), ...surplus],
  };
}

/** Seconds since the epoch. The item must record ended sessions for `leaseMs`, even if a lease is shorter. */
function itemExpiry(at: number): number {
  return Math.ceil((at + leaseMs) / 1000);
}

async function markDisplaced(scope: TenantScope, userId: string, surplus: readonly Connection[]): Promise<void> {
  for (const { connectionId } of surplus) {
    const names = { connection: attributePrefix + connectionId };
    await tenantTable(scope).update(
      keys.userConnections(userId),
      { expression: 'SET #connection.#displaced = :displaced', names, values: { displaced: true } },
      { expression: 'attribute_exists(#connection)', names },
    );
  }
}

/** Ignores unknown ones. */
export async function removeConnections(
  scope: TenantScope,
  userId: string,
  connectionIds: readonly string[],
): Promise<void> {
  await removeAttributes(
    scope,
    userId,
    connectionIds.map((id) => attributePrefix + id),
  );
}

/**
 * Keeps a connection that may still be opening.
 * @returns false if the connection stays recorded.
 */
export async function forgetGone(scope: TenantScope, userId: string, connectionId: string): Promise<boolean> {
  const names = { connection: attributePrefix + connectionId };
  const outcome = await tenantTable(scope).update<ConnectionsItem>(
    keys.userConnections(userId),
    { expression: 'REMOVE #connection', names },
    { expression: '#connection.#connectedAt <= :open', names, values: { open: now() - handshakeMs } },
  );
  return outcome.written || outcome.existing?.[names.connection] === undefined;
}

async function removeAttributes(scope: TenantScope, userId: string, attributes: readonly string[]): Promise<void> {
  for (let start = 0; start < attributes.length; start += mostRemoved) {
    const { expression, names } = removal(attributes.slice(start, start + mostRemoved));
    await tenantTable(scope).update(keys.userConnections(userId), { expression: expression.trim(), names });
  }
}

function removal(attributes: readonly string[]) {
  const names = Object.fromEntries(attributes.map((name, index) => [`a${index}`, name]));
  const placeholders = Object.keys(names).map((name) => `#${name}`);
  return { expression: placeholders.length === 0 ? '' : ` REMOVE ${placeholders.join(', ')}`, names };
}

/**
 * @param until expiry of the session's last access token, in milliseconds since the epoch.
 * @param past at most 100 sessions whose last access tokens have expired.
 */
export function endOfSession(sessionId: string, at: number, until: number, past: readonly string[]): Expression {
  const removed = removal(past.map((id) => endedPrefix + id));
  return {
    expression: `SET #ended = :until, #expiresAt = if_not_exists(#expiresAt, :expiresAt), #${roomAttribute} = :room${removed.expression}`,
    names: { ended: endedPrefix + sessionId, ...removed.names },
    values: { until, expiresAt: itemExpiry(at), room },
  };
}

export function endOfSessionsBelow(version: number, at: number): Expression {
  return {
    expression: `SET #${versionAttribute} = :version, #expiresAt = if_not_exists(#expiresAt, :expiresAt) REMOVE #${roomAttribute}`,
    values: { version, expiresAt: itemExpiry(at) },
  };
}

/** Ended or displaced, but not closed yet. Reads consistently. */
export async function overConnections(scope: TenantScope, userId: string): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), { consistent: true });
  return item === undefined ? [] : overOf(userId, item);
}

/** Live ones only. Makes one eventually consistent call per 100 users. */
export async function connectionsOf(scope: TenantScope, userIds: readonly string[]): Promise<readonly Connection[]> {
  const items = await tenantTable(scope).batchGet<ConnectionsItem>(
    userIds.map((userId) => keys.userConnections(userId)),
  );
  return items.flatMap((item) => liveOf(userIdOf(item), item));
}

/** Live and displaced ones. */
export async function authorisedConnections(
  scope: TenantScope,
  userId: string,
  options: { readonly consistent: boolean },
): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), options);
  return item === undefined ? [] : authorisedOf(userId, item);
}

/** The only definition of “live”. A connection ends with its token or session, or when newer ones displace it. */
function liveOf(userId: string, item: ConnectionsItem): readonly Connection[] {
  return authorisedOf(userId, item).filter(({ displaced }) => displaced !== true);
}

function authorisedOf(userId: string, item: ConnectionsItem): readonly Connection[] {
  const at = now();
  const liveVersion = Number(item[versionAttribute] ?? 0);
  return allOf(userId, item).filter(
    ({ leaseUntil, sessionId, sessionVersion }) =>
      leaseUntil > at && item[endedPrefix + sessionId] === undefined && sessionVersion >= liveVersion,
  );
}

function overOf(userId: string, item: ConnectionsItem, live = liveOf(userId, item)): readonly Connection[] {
  const liveIds = new Set(live.map(({ connectionId }) => connectionId));
  return allOf(userId, item).filter(({ connectionId }) => !liveIds.has(connectionId));
}

function allOf(userId: string, item: ConnectionsItem): Connection[] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(attributePrefix))
    .map(([name, stored]) => ({
      userId,
      connectionId: name.slice(attributePrefix.length),
      ...(stored as StoredConnection),
    }));
}
