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
/** More tabs and devices than this at a time are not a person's. The oldest are dropped. */
const connectionsPerUser = 20;
/** Each connection is one attribute of the item, so that no two of them overwrite one another. */
const attributePrefix = 'c:';

/** Records a connection, and drops what has expired or is too many. */
export async function addConnection(
  scope: TenantScope,
  connection: Pick<Connection, 'userId' | 'connectionId' | 'sessionId'>,
): Promise<void> {
  const at = now();
  const stored: StoredConnection = { sessionId: connection.sessionId, connectedAt: at, leaseUntil: at + leaseMs };
  const outcome = await tenantTable(scope).update<ConnectionsItem>(keys.userConnections(connection.userId), {
    expression: 'SET #connection = :stored, #expiresAt = :expiresAt',
    names: { connection: attributePrefix + connection.connectionId },
    values: { stored, expiresAt: Math.ceil(stored.leaseUntil / 1000) },
  });
  if (!outcome.written) return;
  const all = allOf(connection.userId, outcome.item).sort((one, other) => other.connectedAt - one.connectedAt);
  const surplus = all.filter((one, index) => one.leaseUntil <= at || index >= connectionsPerUser);
  if (surplus.length > 0)
    await removeConnections(
      scope,
      connection.userId,
      surplus.map((one) => one.connectionId),
    );
}

/** Forgets connections of a user. Those that are not there are no error. */
export async function removeConnections(
  scope: TenantScope,
  userId: string,
  connectionIds: readonly string[],
): Promise<void> {
  if (connectionIds.length === 0) return;
  const names = Object.fromEntries(connectionIds.map((id, index) => [`c${index}`, attributePrefix + id]));
  const change: Expression = {
    expression: `REMOVE ${Object.keys(names)
      .map((name) => `#${name}`)
      .join(', ')}`,
    names,
  };
  await tenantTable(scope).update(keys.userConnections(userId), change);
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
  return allOf(userId, item).filter((connection) => connection.leaseUntil > at && connection.ended !== true);
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
