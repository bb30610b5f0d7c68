import { ulid } from 'ulid';
import { keys } from '../shared/core/table/keys.ts';
import { tenantPrefix } from '../shared/core/tenancy/tenant-scope.ts';
import { type StoredItem, Tables } from '../test/integration/system/tables.ts';
import type { TestRun } from '../test/integration/harness.ts';
import type { Person } from './people.ts';

/**
 * Members of a tenant who are there as far as conversations and deliveries look: an active account, and a connection.
 * A password for each of 500 would take longer than all that is measured. Their connections are those of people who are
 * really connected, shared among them, so that every delivery goes out and arrives at a socket.
 *
 * @param carriers - whose sockets they share; nobody for members who are offline.
 * @returns their ids.
 */
export async function addMembers(test: TestRun, pattern: Person, carriers: readonly Person[], count: number) {
  const tables = new Tables(test.run);
  const stored = async (userId: string, key: { readonly pk: string; readonly sk: string }): Promise<StoredItem> => {
    const item = await tables.get(`${tenantPrefix}${pattern.tenantId}#${key.pk}`, key.sk);
    if (item === undefined) throw new Error(`Nothing of ${userId} is there: ${key.sk}`);
    return item;
  };
  const access = await stored(pattern.userId, keys.userAccess(pattern.userId));
  const connections = await Promise.all(carriers.map(({ userId }) => stored(userId, keys.userConnections(userId))));
  const ids = Array.from({ length: count }, () => ulid());
  for (const [index, userId] of ids.entries()) {
    const pk = `${tenantPrefix}${pattern.tenantId}#${keys.userAccess(userId).pk}`;
    await tables.put({ ...access, pk, userId });
    const carried = connections[index % connections.length];
    if (carried !== undefined) await tables.put({ ...carried, pk });
  }
  return ids;
}
