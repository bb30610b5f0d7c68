import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { identifierHash, type UniqueRecord } from './account-records.ts';
import { isOwner, type OpenTenant } from './account-store.ts';
import type { AccessRecord } from './session-access.ts';

export interface NamedPerson {
  readonly userId?: string | undefined;
  readonly email?: string | undefined;
}

/**
 * Returns the ids of active users in the given order; undefined for unknown people and unverified addresses. Reads
 * consistently.
 */
export async function findPeople(
  { scope, keys }: OpenTenant,
  people: readonly NamedPerson[],
): Promise<readonly (string | undefined)[]> {
  const table = tenantTable(scope);
  const hashes = people.map(({ email }) =>
    email === undefined ? undefined : identifierHash(keys, { kind: 'email', value: email }),
  );
  const addresses = [...new Set(hashes)]
    .filter((hash) => hash !== undefined)
    .map((hash) => tableKeys.uniqueEmail(hash));
  const owners = new Map(
    (await table.batchGet<UniqueRecord>(addresses, { consistent: true }))
      .filter(isOwner)
      .map(({ pk, userId }) => [pk, userId]),
  );
  const ids = people.map(({ userId }, index) => userId ?? owners.get(tableKeys.uniqueEmail(hashes[index] ?? '').pk));
  const accounts = [...new Set(ids)].filter((id) => id !== undefined).map((id) => tableKeys.userAccess(id));
  const access = await table.batchGet<AccessRecord>(accounts, { consistent: true });
  const active = new Set(access.filter(({ status }) => status === 'active').map(({ userId }) => userId));
  return ids.map((id) => (id !== undefined && active.has(id) ? id : undefined));
}
