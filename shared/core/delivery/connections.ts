import { now } from '../runtime/clock.ts';
import type { Expression } from '../table/expression.ts';
import { keys, userIdOf } from '../table/keys.ts';
import { tenantTable } from '../table/scoped-table.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';

/** A socket of a user. */
export interface Connection {
  readonly userId: string;
  readonly connectionId: string;
  readonly sessionId: string;
  /** The account's session version when the connection opened. */
  readonly sessionVersion: number;
  readonly connectedAt: number;
  /**
   * After this time, the service sends nothing to the connection and rejects its frames: its access token has expired,
   * or API Gateway has closed it.
   */
  readonly leaseUntil: number;
  /** Newer connections of the user displaced it. The service is about to close it. */
  readonly displaced?: true;
}

type StoredConnection = Omit<Connection, 'userId' | 'connectionId'>;
type ConnectionsItem = Readonly<Record<string, unknown>>;

/** API Gateway closes a connection after 2 hours, and reports it at most once. */
const leaseMs = (2 * 60 + 10) * 60 * 1000;
/**
 * A connection is recorded before its handshake is complete, which takes at most as long as API Gateway waits for an
 * integration. Until then, API Gateway answers a post with 410 Gone:
 * https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const handshakeMs = 30_000;
/**
 * Maximum number of a user's connections: more than the tabs and devices of one person. Above it, the service closes
 * the oldest.
 */
export const connectionsPerUser = 20;
/** Each connection is an attribute of its own, so that concurrent updates do not overwrite one another. */
const attributePrefix = 'c:';
/**
 * The transaction that ends a session records the end in the same item, so that readers of the connections see it at
 * once, before the sockets are closed. The attribute contains the time until which the session could have connections,
 * in milliseconds since the epoch.
 */
const endedPrefix = 'e:';
/** The lowest session version whose connections have not ended. */
const versionAttribute = 'liveVersion';
/**
 * Padding, because the attributes of ended sessions can fill the item to DynamoDB's limit of 400 KB. The write that
 * ends all sessions removes it, so that this write fits into a full item.
 */
const roomAttribute = 'room';
const room = '-'.repeat(64);
/**
 * Maximum number of attributes that one update removes, because an expression may have 4 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
const mostRemoved = 100;

/** The connections to close, by reason. */
export interface OverConnections {
  /** Their session has ended or their access token has expired. */
  readonly ended: readonly Connection[];
  /** The user has too many. */
  readonly displaced: readonly Connection[];
}

/**
 * Records a connection. Returns the user's connections to close: those that have ended, and the oldest ones above the
 * limit, which receive nothing from then on. All of them stay recorded until they are closed.
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
    // Close a connection again if closing it failed earlier.
    displaced: [...over.filter(({ displaced }) => displaced === true), ...surplus],
  };
}

/**
 * The time to live of the item of a user's connections, in seconds since the epoch. A connection can last for `leaseMs`
 * even if its own lease is shorter, and until then the item must record whether its session has ended.
 */
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

/** Removes the records of a user's connections. Ignores unknown ones. */
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
 * Removes the record of a connection that a post found gone, unless the connection may still be opening.
 * @returns false if the connection may still be opening and stays recorded.
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
 * The update of a user's connections that ends the connections of one session.
 * @param until expiry of the session's last access token, in milliseconds since the epoch.
 * @param past at most 100 sessions whose last access tokens have expired, so that their attributes are no longer
 *   needed.
 */
export function endOfSession(sessionId: string, at: number, until: number, past: readonly string[]): Expression {
  const removed = removal(past.map((id) => endedPrefix + id));
  return {
    expression: `SET #ended = :until, #expiresAt = if_not_exists(#expiresAt, :expiresAt), #${roomAttribute} = :room${removed.expression}`,
    names: { ended: endedPrefix + sessionId, ...removed.names },
    values: { until, expiresAt: itemExpiry(at), room },
  };
}

/** The update of a user's connections that ends the connections of all session versions below `version`. */
export function endOfSessionsBelow(version: number, at: number): Expression {
  return {
    expression: `SET #${versionAttribute} = :version, #expiresAt = if_not_exists(#expiresAt, :expiresAt) REMOVE #${roomAttribute}`,
    values: { version, expiresAt: itemExpiry(at) },
  };
}

/** The recorded connections of a user that have ended or were displaced, and are not closed yet. Reads consistently. */
export async function overConnections(scope: TenantScope, userId: string): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), { consistent: true });
  return item === undefined ? [] : overOf(userId, item);
}

/** The live connections of users. Makes one eventually consistent call per 100 users. */
export async function connectionsOf(scope: TenantScope, userIds: readonly string[]): Promise<readonly Connection[]> {
  const items = await tenantTable(scope).batchGet<ConnectionsItem>(
    userIds.map((userId) => keys.userConnections(userId)),
  );
  return items.flatMap((item) => liveOf(userIdOf(item), item));
}

/** The connections of a user whose sessions and tokens are valid: the live ones and the displaced ones. */
export async function authorisedConnections(
  scope: TenantScope,
  userId: string,
  options: { readonly consistent: boolean },
): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), options);
  return item === undefined ? [] : authorisedOf(userId, item);
}

/**
 * The only definition of “live”, used for frames, deliveries and closing. A connection ends with its access token or
 * its session, or when newer ones displace it.
 */
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
