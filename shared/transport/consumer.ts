import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { type BusEnvelope, busEnvelope } from '../contract/events/envelope.ts';
import type { ConsumerDefinition } from '../contract/kit/define-consumer.ts';
import type { BusEvent, EventData } from '../contract/kit/define-event.ts';
import { log } from '../core/runtime/logger.ts';
import { count } from '../core/runtime/metrics.ts';
import { TenantScope } from '../core/tenancy/tenant-scope.ts';

/** May arrive more than once and in any order. */
export type ConsumedEvent<E extends BusEvent> = {
  [Type in E['type']]: {
    readonly type: Type;
    readonly id: string;
    /** Of the queue's message. Two deliveries of the same event have different ones, two attempts the same. */
    readonly deliveryId: string;
    readonly scope: TenantScope;
    readonly at: string;
    readonly data: EventData<Extract<E, { readonly type: Type }>>;
  };
}[E['type']];

const busMessage = z.object({ detail: busEnvelope });

/** Creates the Lambda handler of a consumer's queue. Only failed events return to the queue. */
export function consume<E extends BusEvent>(
  { events }: Pick<ConsumerDefinition<string, E>, 'events'>,
  handler: (consumed: ConsumedEvent<E>) => Promise<void>,
) {
  const expected = events.map(({ type }) => type).join(', ');
  const handleRecord = async (record: SQSRecord): Promise<void> => {
    const envelope: BusEnvelope = busMessage.parse(JSON.parse(record.body)).detail;
    const event = events.find(({ type }) => type === envelope.type);
    if (event === undefined) throw new Error(`The queue received ${envelope.type} instead of ${expected}`);
    const scope = TenantScope.fromEnvelope(envelope);
    await handler({
      id: envelope.id,
      deliveryId: record.messageId,
      type: event.type,
      scope,
      at: envelope.at,
      data: event.data.parse(envelope.data),
    } as ConsumedEvent<E>);
    log('info', 'event.consumed', { eventId: envelope.id, eventType: envelope.type, tenantId: scope.tenantId });
  };

  return consumeQueue(expected, handleRecord);
}

/** Creates the Lambda handler of a queue. Only failed messages return to it. */
export function consumeQueue(eventType: string, handleRecord: (record: SQSRecord) => Promise<void>) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async (batch) => {
    const results = await Promise.allSettled(batch.Records.map(handleRecord));
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    results.forEach((result, index) => {
      if (result.status === 'fulfilled') return;
      log('error', 'event.failed', { eventType }, result.reason);
      count('Failures');
      batchItemFailures.push({ itemIdentifier: batch.Records[index]?.messageId ?? '' });
    });
    return { batchItemFailures };
  });
}
