import { now } from '../runtime/clock.ts';
import type { Expression } from '../table/expression.ts';
import { keys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';

/** A live socket of a user. */
export interface Connection {
  readonly userId: string;
  readonly connectionId: string;
  readonly sessionId: string;
  /** The account's session version when it connected. */
  readonly sessionVersion: number;
  readonly connectedAt: number;
  /** After this time the connection is gone, whether its end was told or not. */
  readonly leaseUntil: number;
  /** Its session is over: it is not live any more and about to be closed. */
  readonly ended?: true;
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
/** More tabs and devices than this at a time are not a person's. The oldest are dropped. */
const connectionsPerUser = 20;
/** Each connection is one attribute of the item, so that no two of them overwrite one another. */
const attributePrefix = 'c:';
/**
 * What says that sessions are over is in the same item, written by the transactions that end them: whoever reads the
 * connections knows at once, and nothing depends on the sockets being closed. A session that was ended alone is an
 * attribute with the time until which a connection of it could be there.
 */
const endedPrefix = 'e:';
/** Connections made under an older version are over, but for those of the one session that was spared. */
const versionAttribute = 'liveVersion';
const sparedAttribute = 'sparedSession';

/** Records a connection, and drops what has expired or is too many. */
export async function addConnection(
  scope: TenantScope,
  connection: Pick<Connection, 'userId' | 'connectionId' | 'sessionId' | 'sessionVersion'>,
): Promise<void> {
  const at = now();
  const { sessionId, sessionVersion } = connection;
  const stored: StoredConnection = { sessionId, sessionVersion, connectedAt: at, leaseUntil: at + leaseMs };
  const outcome = await tenantTable(scope).update<ConnectionsItem>(keys.userConnections(connection.userId), {
    expression: 'SET #connection = :stored, #expiresAt = :expiresAt',
    names: { connection: attributePrefix + connection.connectionId },
    values: { stored, expiresAt: Math.ceil(stored.leaseUntil / 1000) },
  });
  if (!outcome.written) return;
  const all = allOf(connection.userId, outcome.item).sort((one, other) => other.connectedAt - one.connectedAt);
  const surplus = all.filter((one, index) => one.leaseUntil <= at || index >= connectionsPerUser);
  await removeAttributes(scope, connection.userId, [
    ...surplus.map((one) => attributePrefix + one.connectionId),
    ...Object.keys(outcome.item).filter((name) => name.startsWith(endedPrefix) && Number(outcome.item[name]) <= at),
  ]);
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

/** Forgets a connection that a post found gone, unless it may be about to open. */
export async function forgetGone(scope: TenantScope, userId: string, connectionId: string): Promise<void> {
  const names = { connection: attributePrefix + connectionId };
  await tenantTable(scope).update(
    keys.userConnections(userId),
    { expression: 'REMOVE #connection', names },
    { expression: '#connection.#connectedAt <= :open', names, values: { open: now() - handshakeMs } },
  );
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
    expression: 'SET #ended = :until, #expiresAt = if_not_exists(#expiresAt, :expiresAt)',
    names: { ended: endedPrefix + sessionId },
    values: { until: at + leaseMs, expiresAt: Math.ceil((at + leaseMs) / 1000) },
  };
}

/** Change of a user's connections by which those made under an older version are over, but for one session's. */
export function endOfSessionsBelow(version: number, at: number, sparedSessionId?: string): Expression {
  return {
    expression: `SET #${versionAttribute} = :version, #${sparedAttribute} = :spared, #expiresAt = if_not_exists(#expiresAt, :expiresAt)`,
    values: { version, spared: sparedSessionId ?? 'none', expiresAt: Math.ceil((at + leaseMs) / 1000) },
  };
}

/** Marks connections whose session is over. From then on no frame of theirs is taken, and none is sent to them. */
export async function endConnections(scope: TenantScope, connections: readonly Connection[]): Promise<void> {
  for (const { userId, connectionId, ...stored } of connections) {
    await tenantTable(scope).update(keys.userConnections(userId), {
      expression: 'SET #connection = :stored',
      names: { connection: attributePrefix + connectionId },
      values: { stored: { ...stored, ended: true } satisfies StoredConnection },
    });
  }
}

/** All recorded connections of a user, those about to be closed included. Read consistently. */
export async function recordedConnections(scope: TenantScope, userId: string): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), { consistent: true });
  return item === undefined ? [] : allOf(userId, item);
}

/** The live connections of users: one call for 100 of them. Eventually consistent. */
export async function connectionsOf(scope: TenantScope, userIds: readonly string[]): Promise<readonly Connection[]> {
  const items = await tenantTable(scope).batchGet<ConnectionsItem>(
    userIds.map((userId) => keys.userConnections(userId)),
  );
  return items.flatMap((item) => liveOf(item.pk.slice('U#'.length), item));
}

/** The live connections of one user. */
export async function connectionsOfUser(
  scope: TenantScope,
  userId: string,
  options: { readonly consistent: boolean },
): Promise<readonly Connection[]> {
  const item = await tenantTable(scope).get<ConnectionsItem>(keys.userConnections(userId), options);
  return item === undefined ? [] : liveOf(userId, item);
}

function liveOf(userId: string, item: ConnectionsItem): readonly Connection[] {
  const at = now();
  const liveVersion = Number(item[versionAttribute] ?? 0);
  return allOf(userId, item).filter(
    ({ leaseUntil, ended, sessionId, sessionVersion }) =>
      leaseUntil > at &&
      ended !== true &&
      item[endedPrefix + sessionId] === undefined &&
      (sessionVersion >= liveVersion || sessionId === item[sparedAttribute]),
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
