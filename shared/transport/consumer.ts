import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { type BusEnvelope, busEnvelope } from '../contract/events/envelope.ts';
import type { BusEvent, EventData } from '../contract/kit/define-event.ts';
import { log } from '../core/runtime/logger.ts';
import { count } from '../core/runtime/metrics.ts';
import { TenantScope } from '../core/tenancy/tenant-scope.ts';

/** An event of the bus as its consumer gets it: at least once, in no order. */
export interface ConsumedEvent<E extends BusEvent> {
  readonly id: string;
  readonly scope: TenantScope;
  readonly at: string;
  readonly data: EventData<E>;
}

/** One of several events, told apart by its type. */
export type AnyConsumedEvent<E extends BusEvent> = {
  [Type in E['type']]: ConsumedEvent<Extract<E, { readonly type: Type }>> & { readonly type: Type };
}[E['type']];

/** EventBridge's envelope around ours, as a rule puts it into a queue. */
const busMessage = z.object({ detail: busEnvelope });

/** The Lambda handler of a queue that a rule of the bus fills with events of one type. */
export function consume<E extends BusEvent>(event: E, handler: (consumed: ConsumedEvent<E>) => Promise<void>) {
  return consumeAll([event], (consumed) => handler(consumed as unknown as ConsumedEvent<E>));
}

/**
 * The Lambda handler of a queue that a rule of the bus fills. An event that fails is reported alone, comes again, and
 * after the queue's limit waits in its dead-letter queue; the others of the batch are done.
 */
export function consumeAll<const E extends BusEvent>(
  events: readonly E[],
  handler: (consumed: AnyConsumedEvent<E>) => Promise<void>,
) {
  const expected = events.map(({ type }) => type).join(', ');
  const handleRecord = async (record: SQSRecord): Promise<void> => {
    const envelope: BusEnvelope = busMessage.parse(JSON.parse(record.body)).detail;
    const event = events.find(({ type }) => type === envelope.type);
    if (event === undefined) throw new Error(`The queue got ${envelope.type} instead of ${expected}`);
    const scope = TenantScope.fromEnvelope(envelope);
    await handler({
      id: envelope.id,
      type: event.type,
      scope,
      at: envelope.at,
      data: event.data.parse(envelope.data),
    } as AnyConsumedEvent<E>);
    log('info', 'event.consumed', { eventId: envelope.id, eventType: envelope.type, tenantId: scope.tenantId });
  };

  return middy<SQSEvent, SQSBatchResponse>().handler(async (batch) => {
    const results = await Promise.allSettled(batch.Records.map(handleRecord));
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    results.forEach((result, index) => {
      if (result.status === 'fulfilled') return;
      log('error', 'event.failed', { eventType: expected }, result.reason);
      count('Failures');
      batchItemFailures.push({ itemIdentifier: batch.Records[index]?.messageId ?? '' });
    });
    return { batchItemFailures };
  });
}
