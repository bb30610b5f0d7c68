import { now } from '../runtime/clock.ts';
import type { Expression } from '../table/expression.ts';
import { keys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
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
   * After this time nothing is sent to the connection and no frame of it is taken: its access token has expired, or the
   * platform has ended it.
   */
  readonly leaseUntil: number;
  /** Newer connections of the user have taken its place. It is about to be closed. */
  readonly displaced?: true;
}

type StoredConnection = Omit<Connection, 'userId' | 'connectionId'>;
type ConnectionsItem = Readonly<Record<string, unknown>>;

/** The platform ends a connection after 2 hours; the end itself is told at best once. */
const leaseMs = (2 * 60 + 10) * 60 * 1000;
/**
 * A connection is recorded before its handshake is complete, which takes at most as long as API Gateway waits for an
 * integration. Until then a post finds it gone: https://repost.aws/knowledge-center/410-gone-api-gateway
 */
const handshakeMs = 30_000;
/** More tabs and devices than this at a time are not a person's. The oldest are closed. */
export const connectionsPerUser = 20;
/** Each connection is one attribute of the item, so that no two of them overwrite one another. */
const attributePrefix = 'c:';
/**
 * What says that sessions are over is in the same item, written by the transactions that end them: whoever reads the
 * connections knows at once, and nothing depends on the sockets being closed. A session that was ended alone is an
 * attribute with the time until which a connection of it could be there.
 */
const endedPrefix = 'e:';
/** Connections made under an older version are over. */
const versionAttribute = 'liveVersion';
/**
 * Holds room in an item that sessions ended one by one can fill to the 400 KB that it may have. It makes way for the
 * version, so that a user who fills the item cannot keep all sessions from being ended.
 */
const roomAttribute = 'room';
const room = '-'.repeat(64);

/** What has to be closed, and why. */
export interface OverConnections {
  /** Their session has ended or their access token has expired. */
  readonly ended: readonly Connection[];
  /** The user has too many. */
  readonly displaced: readonly Connection[];
}

/**
 * Records a connection. Answers with the user's connections that are over and those that are too many, the oldest first.
 * The latter are marked: nothing is sent to them any more. All stay recorded until they are closed.
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
    // The item says which sessions are over for as long as any connection could be there.
    values: { stored, expiresAt: Math.ceil((at + leaseMs) / 1000) },
  });
  if (!outcome.written) return { ended: [], displaced: [] };
  const all = allOf(userId, outcome.item);
  const live = liveOf(userId, outcome.item).toSorted((one, other) => other.connectedAt - one.connectedAt);
  const surplus = live.slice(connectionsPerUser);
  await markDisplaced(scope, userId, surplus);
  await removeAttributes(
    scope,
    userId,
    Object.keys(outcome.item).filter((name) => name.startsWith(endedPrefix) && Number(outcome.item[name]) <= at),
  );
  const liveIds = new Set(live.map(({ connectionId }) => connectionId));
  const over = all.filter(({ connectionId }) => !liveIds.has(connectionId));
  return {
    ended: over.filter(({ displaced }) => displaced !== true),
    // One whose closing failed earlier is closed now.
    displaced: [...over.filter(({ displaced }) => displaced === true), ...surplus],
  };
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

/** Forgets connections of a user. Those that are not there are no error. */
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
 * Forgets a connection that a post found gone, unless it may be about to open.
 * @returns false if the connection may be about to open and stays recorded.
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
  if (attributes.length === 0) return;
  const names = Object.fromEntries(attributes.map((name, index) => [`a${index}`, name]));
  const change: Expression = {
    expression: `REMOVE ${Object.keys(names)
      .map((name) => `#${name}`)
      .join(', ')}`,
    names,
  };
  await tenantTable(scope).update(keys.userConnections(userId), change);
}

/** Change of a user's connections by which those of one session are over. */
export function endOfSession(sessionId: string, at: number): Expression {
  return {
    expression: `SET #ended = :until, #expiresAt = if_not_exists(#expiresAt, :expiresAt), #${roomAttribute} = :room`,
    names: { ended: endedPrefix + sessionId },
    values: { until: at + leaseMs, expiresAt: Math.ceil((at + leaseMs) / 1000), room },
  };
}

/** Change of a user's connections by which those made under an older version are over. */
export function endOfSessionsBelow(version: number, at: number): Expression {
  return {
    expression: `SET #${versionAttribute} = :version, #expiresAt = if_not_exists(#expiresAt, :expiresAt) REMOVE #${roomAttribute}`,
    values: { version, expiresAt: Math.ceil((at + leaseMs) / 1000) },
  };
}

/** The recorded connections of a user that are over and not closed yet. Read consistently. */
export async function overConnections(scope: TenantScope, userId: string): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), { consistent: true });
  if (item === undefined) return [];
  const live = new Set(liveOf(userId, item).map(({ connectionId }) => connectionId));
  return allOf(userId, item).filter(({ connectionId }) => !live.has(connectionId));
}

/** The live connections of users: one call for 100 of them. Eventually consistent. */
export async function connectionsOf(scope: TenantScope, userIds: readonly string[]): Promise<readonly Connection[]> {
  const items = await tenantTable(scope).batchGet<ConnectionsItem>(
    userIds.map((userId) => keys.userConnections(userId)),
  );
  return items.flatMap((item) => liveOf(item.pk.slice('U#'.length), item));
}

/** The connections of one user whose sessions and tokens are good: the live ones, and those about to be closed. */
export async function authorisedConnections(
  scope: TenantScope,
  userId: string,
  options: { readonly consistent: boolean },
): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), options);
  return item === undefined ? [] : authorisedOf(userId, item);
}

/**
 * The one rule for “live”: what decides about frames, deliveries and closing all ask it. A connection ends with its
 * access token, with its session, and when newer ones displace it.
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

function allOf(userId: string, item: ConnectionsItem): Connection[] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(attributePrefix))
    .map(([name, stored]) => ({
      userId,
      connectionId: name.slice(attributePrefix.length),
      ...(stored as StoredConnection),
    }));
}
