import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Delivery } from '../lanes/lane-kind.ts';
import { readEntries } from '../log/log-store.ts';
import { seqOfPosition } from './order-rules.ts';
import type { WebhookItem } from './webhook-item.ts';

/** The time in which the consumer handles an event again whose handling failed. */
const patienceMs = 90_000;
/** Right after a subscription, the projector may not know the tenant's sinks yet. */
const settlingMs = 60_000;
/** A larger gap lies between events that nobody subscribes to. */
const largestGap = 50;

/**
 * Queues deliver events in any order. If the log has an earlier entry whose event the webhook subscribes to and that the
 * lane has not delivered, its event is on the way.
 * @returns until when to wait for it.
 */
export async function awaitedUntil(
  scope: TenantScope,
  webhook: WebhookItem,
  { lane, position, lastPosition, createdAt, failures }: Delivery,
  at: number,
): Promise<number | undefined> {
  const until = createdAt + patienceMs;
  if (lastPosition === undefined || failures > 0 || at >= until) return undefined;
  const [last, seq] = [seqOfPosition(lastPosition), seqOfPosition(position)];
  const between = Array.from({ length: Math.max(0, seq - last - 1) }, (_, index) => last + 1 + index);
  if (last === 0 || between.length === 0 || between.length > largestGap) return undefined;
  const types: readonly (string | undefined)[] = webhook.types;
  const entries = await readEntries({ scope, conversationId: lane }, between);
  const isAwaited = entries.some(
    ({ kind, createdAt: entryAt }) => types.includes(kind.busEvent) && entryAt >= webhook.subscribedAt + settlingMs,
  );
  return isAwaited ? Math.min(until, at + holdStepMs) : undefined;
}

const holdStepMs = 2000;
