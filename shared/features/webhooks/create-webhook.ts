import { webhookLimitReached } from '../../contract/webhooks/problems.ts';
import { mostWebhooks } from '../../contract/webhooks/schemas.ts';
import type { createWebhook as createWebhookRoute } from '../../contract/webhooks/webhooks.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { absent } from '../../core/table/expression.ts';
import { webhookKey } from '../../core/table/keys.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { switchOn } from '../sinks/sink-store.ts';
import { newSecret } from './signature.ts';
import { urlRefusal } from './url-refusal.ts';
import type { WebhookItem } from './webhook-item.ts';
import { changeList, readWebhookList } from './webhook-list.ts';
import { viewOfWebhook } from './webhook-store.ts';
import { sealText } from './webhook-texts.ts';

export const createWebhook: UseCase<typeof createWebhookRoute> = async (principal, input) => {
  const { scope, userId } = principal;
  const { url, types, conversationKinds, description, enabled } = input;
  const refusal = urlRefusal(url);
  if (refusal !== undefined) return refusal;
  const [list, keys] = await settleAll([readWebhookList(scope), tenantKeys(scope)]);
  if (list.webhooks.length >= mostWebhooks) return refuse(webhookLimitReached);
  const [webhookId, secret, at] = [newId(), newSecret(), now()];
  const item: WebhookItem = {
    webhookId,
    url: sealText(keys, scope, webhookId, 'url', url),
    ...(description === undefined ? {} : { description: sealText(keys, scope, webhookId, 'description', description) }),
    types,
    conversationKinds,
    isEnabled: enabled,
    secret: sealText(keys, scope, webhookId, 'secret', secret),
    createdBy: userId,
    createdAt: at,
    updatedAt: at,
    subscribedAt: at,
  };
  const work = changeList(unitOfWork(scope), list).put('webhook', webhookKey(webhookId), item, absent);
  const outcome = await switchOn(work, 'webhooks').commit();
  // Another request created or deleted one meanwhile.
  return outcome.committed ? { ...(await viewOfWebhook(scope, item)), secret } : createWebhook(principal, input);
};
