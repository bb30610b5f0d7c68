import type { Expression } from '../../core/table/expression.ts';
import { webhookListKey } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { WebhookItem } from './webhook-item.ts';
import { readWebhooks } from './webhook-store.ts';

interface ListItem {
  readonly revision: number;
}

/** The webhooks of a tenant, as of a revision of the list. */
export interface WebhookList {
  readonly revision: number | undefined;
  readonly webhooks: readonly WebhookItem[];
}

/** Reads the revision first, so that the webhooks are at least as new. */
export async function readWebhookList(scope: TenantScope): Promise<WebhookList> {
  const item = await tenantTable(scope).get<ListItem>(webhookListKey(), { consistent: true });
  return { revision: item?.revision, webhooks: await readWebhooks(scope) };
}

/** Fails with `list` if a webhook was created or deleted since the list was read. */
export function changeList(work: UnitOfWork, { revision }: WebhookList): UnitOfWork {
  const isUnchanged: Expression =
    revision === undefined
      ? { expression: 'attribute_not_exists(#pk)' }
      : { expression: '#revision = :seen', values: { seen: revision } };
  return work.update('list', webhookListKey(), { expression: 'ADD #revision :one', values: { one: 1 } }, isUnchanged);
}
