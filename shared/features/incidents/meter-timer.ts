import { derivedId } from '../../core/runtime/ids.ts';
import { isMeter } from '../../core/table/integration-keys.ts';
import { type Key } from '../../core/table/keys.ts';
import { wakeAttribute } from '../../core/table/schema.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../core/timers/timer.ts';
import { postAsService } from '../desk/post-as-service.ts';
import { readStart } from './incident-store.ts';
import type { MeterItem, PendingCount } from './meter-store.ts';
import { countText } from './routing-rules.ts';

/** Writes how many events of a window the service did not show one by one. */
export const meterTimer: TimerSubject = { name: 'incident-meter', matches: isMeter, wake };

/** The consumer creates the conversation as soon as it has counted. */
const againMs = 5000;

async function wake(scope: TenantScope, key: Key, at: number): Promise<void> {
  const meter = await readDue<MeterItem>(scope, key, at);
  if (meter === undefined) return;
  const pending = meter.pending ?? (await choose(scope, key, meter));
  const { startId, from = 0, to = 0 } = meter;
  if (pending === undefined || startId === undefined) return stop(scope, key, meter, at);
  const start = await readStart(scope, startId);
  if (start !== undefined && start.conversationId === undefined) {
    await setTimer(scope, key, meter.wakeAt, at + againMs);
    return;
  }
  if (start?.conversationId !== undefined) {
    await postAsService(
      { scope, conversationId: start.conversationId },
      {
        content: { type: 'text', text: countText(pending.count, from, to) },
        clientMessageId: derivedId(from, `count ${key.sk} after ${pending.after}`),
      },
    );
  }
  await finish(scope, key, pending, meter.wakeAt, at);
}

/** Fixes the number before the message is written. Undefined if nothing is left to tell. */
async function choose(
  scope: TenantScope,
  key: Key,
  { counted = 0, posted = 0 }: MeterItem,
): Promise<PendingCount | undefined> {
  if (counted <= posted) return undefined;
  const pending: PendingCount = { after: posted, count: counted - posted };
  const outcome = await tenantTable(scope).update<MeterItem>(
    key,
    { expression: 'SET #pending = :pending', values: { pending } },
    {
      expression: 'attribute_not_exists(#pending) AND (attribute_not_exists(#posted) OR #posted = :posted)',
      values: { posted },
    },
  );
  return outcome.written ? pending : outcome.existing?.pending;
}

/** Events may have been counted while the message was written. */
async function finish(
  scope: TenantScope,
  key: Key,
  { after, count }: PendingCount,
  wakeAt: number,
  at: number,
): Promise<void> {
  const posted = after + count;
  const isPending = { expression: '#pending.#after = :after', values: { after } };
  const ended = await tenantTable(scope).update(
    key,
    { expression: `SET #posted = :posted REMOVE #pending, #${wakeAttribute}`, values: { posted } },
    { expression: `${isPending.expression} AND #counted = :posted`, values: isPending.values },
  );
  if (ended.written) return;
  await tenantTable(scope).update(
    key,
    {
      expression: `SET #posted = :posted, #${wakeAttribute} = :next REMOVE #pending`,
      values: { posted, next: Math.max(at, wakeAt + 1) + againMs },
    },
    isPending,
  );
}

async function stop(
  scope: TenantScope,
  key: Key,
  { wakeAt, counted }: MeterItem & { readonly wakeAt: number },
  at: number,
) {
  const same = counted === undefined ? 'attribute_not_exists(#counted)' : '#counted = :counted';
  const outcome = await tenantTable(scope).update(
    key,
    { expression: `REMOVE #${wakeAttribute}` },
    {
      expression: `${same} AND ${hasTimer(wakeAt).expression}`,
      values: { ...hasTimer(wakeAt).values, ...(counted === undefined ? {} : { counted }) },
    },
  );
  if (!outcome.written) await setTimer(scope, key, wakeAt, at + againMs);
}

async function setTimer(scope: TenantScope, key: Key, wakeAt: number, next: number): Promise<void> {
  const change = { expression: `SET #${wakeAttribute} = :next`, values: { next } };
  await tenantTable(scope).update(key, change, hasTimer(wakeAt));
}
