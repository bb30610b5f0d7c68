import { now } from '../../core/runtime/clock.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

export interface Act {
  readonly consumer: string;
  readonly eventId: string;
  /** Distinguishes the acts of one event. It contains no address. */
  readonly part: string;
  /** Of the queue's message. */
  readonly deliveryId: string;
}

interface Mark {
  readonly by: string;
  readonly claimedAt: number;
  readonly doneAt?: number;
  readonly expiresAt: number;
}

/** Longer than a queue and its dead-letter queue keep an event (14 days at most). */
const rememberedSeconds = 15 * 24 * 60 * 60;
/** Longer than a function runs. */
const claimMs = 60_000;
const pauseMs = 200;
const pauses = 25;

/**
 * Acts once for an event that arrives several times, also at the same time. If the function crashed between the act and
 * its record, the next attempt acts again.
 *
 * @throws Error while another delivery of the event is acting.
 */
export async function once(scope: TenantScope, { consumer, eventId, part, deliveryId }: Act, act: () => Promise<void>) {
  const key = keys.handledEvent(`${consumer}#${part}`, eventId);
  const table = tenantTable(scope);
  for (let attempt = 0; attempt < pauses; attempt += 1) {
    const at = now();
    const mark: Mark = { by: deliveryId, claimedAt: at, expiresAt: Math.ceil(at / 1000) + rememberedSeconds };
    const claim = await table.put<Mark>(key, mark, {
      expression:
        'attribute_not_exists(#pk) OR (attribute_not_exists(#doneAt) AND (#by = :deliveryId OR #claimedAt < :stale))',
      values: { deliveryId, stale: at - claimMs },
    });
    if (claim.written) {
      await act();
      await table.update(key, { expression: 'SET #doneAt = :doneAt', values: { doneAt: now() } });
      return;
    }
    if (claim.existing?.doneAt !== undefined) return;
    // The same event arrived twice. If the other delivery fails, this one acts.
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error('Another delivery of the event is acting');
}
