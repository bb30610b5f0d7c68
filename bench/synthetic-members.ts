import { ulid } from 'ulid';
import { keys } from '../shared/core/table/keys.ts';
import { tenantPrefix } from '../shared/core/tenancy/tenant-scope.ts';
import { type StoredItem, Tables } from '../test/integration/system/tables.ts';
import type { TestRun } from '../test/integration/harness.ts';
import type { Person } from './people.ts';

/**
 * Writes only the items that deliveries read, because password hashes for 500 members take too long.
 *
 * @param carriers the users whose sockets they share. Empty for offline members.
 * @returns the ids.
 */
export async function addMembers(test: TestRun, pattern: Person, carriers: readonly Person[], count: number) {
  const tables = new Tables(test.run);
  const stored = async (userId: string, key: { readonly pk: string; readonly sk: string }): Promise<StoredItem> => {
    const item = await tables.get(`${tenantPrefix}${pattern.tenantId}#${key.pk}`, key.sk);
    if (item === undefined) throw new Error(`The item ${key.sk} of ${userId} is missing`);
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
