import type { listSuppressions as listSuppressionsRoute } from '../../contract/mail/list-suppressions.ts';
import { invalidCursor } from '../../contract/problems.ts';
import type { Suppression } from '../../contract/schemas/suppression.ts';
import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import { suppressionKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { UseCase } from '../../core/use-case.ts';
import { openAddress, type SuppressionItem } from './suppression-store.ts';

const list = 'suppressions';

export const listSuppressions: UseCase<typeof listSuppressionsRoute> = async ({ scope }, { limit, cursor }) => {
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor)?.['after'];
  if (cursor !== undefined && after === undefined) return refuse(invalidCursor);
  const keys = await tenantKeys(scope);
  const page = await tenantTable(scope).query<SuppressionItem>({
    pk: suppressionKeys.suppression('').pk,
    limit,
    consistent: true,
    ...(after === undefined ? {} : { after }),
  });
  return {
    items: page.items.map((item) => viewOf(keys, scope, item.sk, item)),
    nextCursor: page.lastSortKey === undefined ? null : encodeCursor(list, { after: page.lastSortKey }),
  };
};

function viewOf(keys: TenantKeys, scope: TenantScope, id: string, item: SuppressionItem): Suppression {
  const address = openAddress(keys, scope, id, item);
  const { reason, kind, since } = item;
  return { id, ...(address === undefined ? {} : { address }), reason, kind, since: toTimestamp(since) };
}
