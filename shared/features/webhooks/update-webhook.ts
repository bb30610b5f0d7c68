import { webhookNotFound } from '../../contract/webhooks/problems.ts';
import type { updateWebhook as updateWebhookRoute } from '../../contract/webhooks/webhooks.ts';
import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { webhookKey } from '../../core/table/keys.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { InputOf, UseCase } from '../../core/use-case.ts';
import { openGate } from '../lanes/gate-store.ts';
import { urlRefusal } from './url-refusal.ts';
import type { WebhookItem } from './webhook-item.ts';
import { readWebhook, viewOfWebhook, webhookDestination } from './webhook-store.ts';
import { sealText } from './webhook-texts.ts';

type Change = Omit<InputOf<typeof updateWebhookRoute>, 'webhookId'>;

export const updateWebhook: UseCase<typeof updateWebhookRoute> = async (principal, { webhookId, ...change }) => {
  const { scope } = principal;
  const refusal = change.url === undefined ? undefined : urlRefusal(change.url);
  if (refusal !== undefined) return refusal;
  const [item, keys] = await settleAll([readWebhook(scope, webhookId), tenantKeys(scope)]);
  if (item === undefined) return refuse(webhookNotFound);
  const next = changed(keys, scope, item, change);
  const work = unitOfWork(scope).put('webhook', webhookKey(webhookId), next, {
    expression: '#updatedAt = :seen AND #isEnabled = :wasEnabled AND #secret = :secret',
    values: { seen: item.updatedAt, wasEnabled: item.isEnabled, secret: item.secret },
  });
  // A new address may work, and a disabled webhook drops what waits.
  if (change.enabled !== undefined || change.url !== undefined) openGate(work, webhookDestination(webhookId));
  const outcome = await work.commit();
  // Another request changed it meanwhile.
  return outcome.committed ? viewOfWebhook(scope, next) : updateWebhook(principal, { webhookId, ...change });
};

function changed(
  keys: TenantKeys,
  scope: TenantScope,
  item: WebhookItem,
  { url, types, conversationKinds, description, enabled }: Change,
): WebhookItem {
  const { webhookId, description: oldDescription, disabledReason, disabledAt, ...others } = item;
  const text =
    description === undefined
      ? oldDescription
      : description === null
        ? undefined
        : sealText(keys, scope, webhookId, 'description', description);
  const isKept = enabled === undefined;
  // Later than the change before, because it serves as the version.
  const at = Math.max(now(), item.updatedAt + 1);
  const receivesMore = types !== undefined || conversationKinds !== undefined || enabled === true;
  return {
    ...others,
    webhookId,
    ...(text === undefined ? {} : { description: text }),
    ...(isKept && disabledReason !== undefined ? { disabledReason } : {}),
    ...(isKept && disabledAt !== undefined ? { disabledAt } : {}),
    ...(url === undefined ? {} : { url: sealText(keys, scope, webhookId, 'url', url) }),
    ...(types === undefined ? {} : { types }),
    ...(conversationKinds === undefined ? {} : { conversationKinds }),
    ...(enabled === undefined ? {} : { isEnabled: enabled }),
    updatedAt: at,
    ...(receivesMore ? { subscribedAt: at } : {}),
  };
}
