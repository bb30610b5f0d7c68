import { webhookNotFound } from '../../contract/webhooks/problems.ts';
import type {
  deleteWebhook as deleteWebhookRoute,
  getWebhook as getWebhookRoute,
  listWebhooks as listWebhooksRoute,
} from '../../contract/webhooks/webhooks.ts';
import { refuse } from '../../core/refusal.ts';
import { present } from '../../core/table/expression.ts';
import { webhookKey } from '../../core/table/keys.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { openGate } from '../lanes/gate-store.ts';
import { switchOff } from '../sinks/sink-store.ts';
import { changeList, readWebhookList } from './webhook-list.ts';
import { readWebhook, readWebhooks, viewOfWebhook, viewOfWebhooks, webhookDestination } from './webhook-store.ts';

export const listWebhooks: UseCase<typeof listWebhooksRoute> = async ({ scope }) => ({
  items: await viewOfWebhooks(scope, await readWebhooks(scope)),
  nextCursor: null,
});

export const getWebhook: UseCase<typeof getWebhookRoute> = async ({ scope }, { webhookId }) => {
  const item = await readWebhook(scope, webhookId);
  return item === undefined ? refuse(webhookNotFound) : viewOfWebhook(scope, item);
};

/** Its lanes wake, and drop what waits. */
export const deleteWebhook: UseCase<typeof deleteWebhookRoute> = async (principal, { webhookId }) => {
  const { scope } = principal;
  const list = await readWebhookList(scope);
  const others = list.webhooks.filter((other) => other.webhookId !== webhookId);
  if (others.length === list.webhooks.length) return refuse(webhookNotFound);
  const work = changeList(unitOfWork(scope), list).delete('webhook', webhookKey(webhookId), present);
  openGate(work, webhookDestination(webhookId));
  if (others.length === 0) switchOff(work, 'webhooks');
  // Another request may have created or deleted one meanwhile.
  if (!(await work.commit()).committed) return deleteWebhook(principal, { webhookId });
};
