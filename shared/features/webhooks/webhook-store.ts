import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { webhookKey } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Gate } from '../lanes/gate-rules.ts';
import { readGates } from '../lanes/gate-store.ts';
import { destinationKey } from '../lanes/lane-kind.ts';
import { readReplay, type ReplayItem } from '../lanes/replay-range.ts';
import type { WebhookItem } from './webhook-item.ts';
import { openText } from './webhook-texts.ts';

export const webhookLaneName = 'webhook';

export function webhookDestination(webhookId: string): string {
  return destinationKey({ kind: webhookLaneName, destinationId: webhookId });
}

/** Reads consistently. */
export function readWebhook(scope: TenantScope, webhookId: string): Promise<WebhookItem | undefined> {
  return tenantTable(scope).get<WebhookItem>(webhookKey(webhookId), { consistent: true });
}

/** By id, oldest first. */
export async function readWebhooks(
  scope: TenantScope,
  { consistent }: { readonly consistent: boolean } = { consistent: true },
): Promise<readonly WebhookItem[]> {
  const { items } = await tenantTable(scope).query<WebhookItem>({ pk: webhookKey('').pk, consistent });
  return items;
}

/** What admins see, without the secrets. */
export async function viewOfWebhook(scope: TenantScope, item: WebhookItem) {
  const destination = webhookDestination(item.webhookId);
  const [keys, gates, replay] = await settleAll([
    tenantKeys(scope),
    readGates(scope, [destination]),
    readReplay(scope, destination),
  ]);
  return viewOf(keys, scope, item, gates.get(destination), replay);
}

/** Without their replays. */
export async function viewOfWebhooks(scope: TenantScope, items: readonly WebhookItem[]) {
  const destinations = items.map(({ webhookId }) => webhookDestination(webhookId));
  const [keys, gates] = await settleAll([tenantKeys(scope), readGates(scope, destinations)]);
  return items.map((item) => viewOf(keys, scope, item, gates.get(webhookDestination(item.webhookId)), undefined));
}

function viewOf(
  keys: TenantKeys,
  scope: TenantScope,
  item: WebhookItem,
  gate: Gate | undefined,
  replay: ReplayItem | undefined,
) {
  const { webhookId, description, disabledReason, disabledAt, previousSecretUntil, createdBy } = item;
  const times = {
    disabledAt,
    failingSince: gate?.firstFailureAt,
    pausedUntil: gate?.closedUntil,
    previousSecretExpiresAt: previousSecretUntil,
  };
  return {
    id: webhookId,
    url: openText(keys, scope, webhookId, 'url', item.url),
    ...(description === undefined ? {} : { description: openText(keys, scope, webhookId, 'description', description) }),
    types: [...item.types],
    conversationKinds: [...item.conversationKinds],
    enabled: item.isEnabled,
    ...(disabledReason === undefined ? {} : { disabledReason }),
    ...Object.fromEntries(
      Object.entries(times).flatMap(([name, at]) => (at === undefined ? [] : [[name, toTimestamp(at)]])),
    ),
    ...(replay === undefined ? {} : { replay: viewOfReplay(replay) }),
    createdBy,
    createdAt: toTimestamp(item.createdAt),
    updatedAt: toTimestamp(item.updatedAt),
  };
}

export function viewOfReplay({ replayId, replayed, createdAt, endedAt }: ReplayItem) {
  return {
    id: replayId,
    status: endedAt === undefined ? ('running' as const) : ('ended' as const),
    replayed,
    createdAt: toTimestamp(createdAt),
    ...(endedAt === undefined ? {} : { endedAt: toTimestamp(endedAt) }),
  };
}
