import { ulidPattern } from '../../contract/schemas/ids.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { tableSchema } from '../../core/table/schema.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { accountCollection, type ProfileRecord } from './account-records.ts';
import type { AccountStatus } from './account-status.ts';

export interface AccountListQuery {
  readonly list: string;
  readonly statuses: readonly AccountStatus[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface AccountPage {
  readonly profiles: readonly ProfileRecord[];
  readonly nextCursor: string | null;
}

/** Oldest first; undefined if the cursor is not one of this list. Makes one query per status, in parallel. */
export async function listProfiles(scope: TenantScope, query: AccountListQuery): Promise<AccountPage | undefined> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.list, query.cursor)?.['after'];
  if (query.cursor !== undefined && (after === undefined || !ulidPattern.test(after))) return undefined;

  const pages = await settleAll(
    query.statuses.map((status) =>
      tenantTable(scope).queryCollection<ProfileRecord>({
        collection: accountCollection(status),
        limit: query.limit,
        ...(after === undefined ? {} : { after: startAfter(after) }),
      }),
    ),
  );
  const found = pages.flatMap((page) => page.items).sort((first, second) => (first.userId < second.userId ? -1 : 1));
  const profiles = found.slice(0, query.limit);
  const more = found.length > profiles.length || pages.some((page) => page.next !== undefined);
  const last = profiles.at(-1);
  return {
    profiles,
    nextCursor: more && last !== undefined ? encodeCursor(query.list, { after: last.userId }) : null,
  };
}

function startAfter(userId: string): Readonly<Record<string, string>> {
  return { ...tableKeys.user(userId), [tableSchema.indexes.collection.sortKey]: userId };
}
