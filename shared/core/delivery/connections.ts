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
  /** The account's session version when it connected. */
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
 * integration. Until then a post finds it gone: https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const handshakeMs = 30_000;
/** More than a person's tabs and devices at a time. The service closes the oldest beyond this. */
export const connectionsPerUser = 20;
/** Each connection is an attribute of its own, so that concurrent updates do not overwrite one another. */
const attributePrefix = 'c:';
/**
 * The transaction that ends a session records the end in the same item, so that readers of the connections see it at
 * once, before the sockets are closed. The attribute of an ended session has the time until which it could have
 * connections.
 */
const endedPrefix = 'e:';
/** Connections of an older session version have ended. */
const versionAttribute = 'liveVersion';
/**
 * Padding in an item that individually ended sessions can fill to DynamoDB's limit of 400 KB. Writing the version
 * removes it, so that all sessions can be ended even when the item is full.
 */
const roomAttribute = 'room';
const room = '-'.repeat(64);
/**
 * Attributes that one update removes: an expression may have 4 KB.
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
 * Records a connection. Returns the user's connections that are over and those beyond the limit, oldest first. The
 * latter are marked and receive nothing more. All stay recorded until they are closed.
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
 * When the table may delete the item of a user's connections, in seconds since the epoch. A connection can last for
 * `leaseMs` even if its own lease is shorter, and until then the item has to say whether its session is over.
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
 * Update of a user's connections that ends those of one session.
 * @param until milliseconds since the epoch at which the last access token of the session has expired.
 * @param past sessions for which that time has passed, at most 100. Their attributes are no longer needed.
 */
export function endOfSession(sessionId: string, at: number, until: number, past: readonly string[]): Expression {
  const removed = removal(past.map((id) => endedPrefix + id));
  return {
    expression: `SET #ended = :until, #expiresAt = if_not_exists(#expiresAt, :expiresAt), #${roomAttribute} = :room${removed.expression}`,
    names: { ended: endedPrefix + sessionId, ...removed.names },
    values: { until, expiresAt: itemExpiry(at), room },
  };
}

/** Update of a user's connections that ends those of an older version. */
export function endOfSessionsBelow(version: number, at: number): Expression {
  return {
    expression: `SET #${versionAttribute} = :version, #expiresAt = if_not_exists(#expiresAt, :expiresAt) REMOVE #${roomAttribute}`,
    values: { version, expiresAt: itemExpiry(at) },
  };
}

/** The recorded connections of a user that are over but not closed yet. Reads consistently. */
export async function overConnections(scope: TenantScope, userId: string): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), { consistent: true });
  return item === undefined ? [] : overOf(userId, item);
}

/** The live connections of users, with one eventually consistent call for each 100. */
export async function connectionsOf(scope: TenantScope, userIds: readonly string[]): Promise<readonly Connection[]> {
  const items = await tenantTable(scope).batchGet<ConnectionsItem>(
    userIds.map((userId) => keys.userConnections(userId)),
  );
  return items.flatMap((item) => liveOf(userIdOf(item), item));
}

/** The connections of a user with valid sessions and tokens: the live ones, and those about to be closed. */
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
