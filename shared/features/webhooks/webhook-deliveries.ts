import { invalidCursor } from '../../contract/problems.ts';
import { ulidPattern } from '../../contract/schemas/ids.ts';
import type {
  getWebhookDelivery as getWebhookDeliveryRoute,
  listWebhookDeliveries as listWebhookDeliveriesRoute,
} from '../../contract/webhooks/deliveries.ts';
import { deliveryNotFound, webhookNotFound } from '../../contract/webhooks/problems.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import type { UseCase } from '../../core/use-case.ts';
import type { DeliveryItem } from '../lanes/delivery-item.ts';
import { readDeliveries, readDelivery } from '../lanes/delivery-store.ts';
import { openAnswer, openBody } from '../lanes/delivery-text.ts';
import { readWebhook, webhookDestination } from './webhook-store.ts';

/** Read at most for one page, with a filter. */
const readAtOnce = 100;
const mostReads = 10;

export const listWebhookDeliveries: UseCase<typeof listWebhookDeliveriesRoute> = async (
  { scope },
  { webhookId, status, limit, cursor },
) => {
  const list = `deliveries/${webhookId}`;
  const start = cursor === undefined ? undefined : decodeCursor(list, cursor)?.['after'];
  if (cursor !== undefined && (start === undefined || !ulidPattern.test(start))) return refuse(invalidCursor);
  if ((await readWebhook(scope, webhookId)) === undefined) return refuse(webhookNotFound);
  const found: DeliveryItem[] = [];
  let after = start;
  let isEnd = false;
  for (let reads = 0; !isEnd && reads < mostReads && found.length <= limit; reads += 1) {
    const page = await readDeliveries(scope, webhookDestination(webhookId), {
      ...{ after, status, descending: true },
      limit: status === undefined ? limit + 1 : readAtOnce,
    });
    found.push(...page.items);
    after = page.last;
    isEnd = after === undefined;
  }
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1)?.deliveryId : isEnd ? undefined : after;
  return {
    items: items.map(viewOfDelivery),
    nextCursor: last === undefined ? null : encodeCursor(list, { after: last }),
  };
};

export const getWebhookDelivery: UseCase<typeof getWebhookDeliveryRoute> = async (
  { scope },
  { webhookId, deliveryId },
) => {
  const [webhook, item, keys] = await settleAll([
    readWebhook(scope, webhookId),
    readDelivery(scope, webhookDestination(webhookId), deliveryId),
    tenantKeys(scope),
  ]);
  if (webhook === undefined) return refuse(webhookNotFound);
  if (item === undefined) return refuse(deliveryNotFound);
  return {
    ...viewOfDelivery(item),
    body: openBody(keys, scope, deliveryId, item.body),
    ...(item.answer === undefined ? {} : { answer: openAnswer(keys, scope, deliveryId, item.answer) }),
  };
};

export function viewOfDelivery(item: DeliveryItem) {
  const { deliveryId, type, status, attempts, replays, createdAt, lastAttemptAt, httpStatus, error } = item;
  return {
    id: deliveryId,
    type,
    status,
    attempts,
    replays: replays ?? 0,
    createdAt: toTimestamp(createdAt),
    ...(lastAttemptAt === undefined ? {} : { lastAttemptAt: toTimestamp(lastAttemptAt) }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(error === undefined ? {} : { error }),
  };
}
