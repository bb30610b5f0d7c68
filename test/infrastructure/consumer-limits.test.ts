import { describe, expect, it } from 'vitest';
import { consumerComplaints } from '../../lib/events/consumer-limits.ts';
import { consumers } from '../../shared/contract/events/consumers.ts';
import { sessionsEndedEvent } from '../../shared/contract/events/events.ts';
import { type ConsumerDefinition, defineConsumer } from '../../shared/contract/kit/define-consumer.ts';

const definition = { name: 'print-labels', description: 'Prints labels', events: [sessionsEndedEvent] } as const;

describe('consumerComplaints', () => {
  it('accepts every consumer of the project, and the defaults', () => {
    for (const consumer of [...consumers, defineConsumer(definition)]) expect(consumerComplaints(consumer)).toEqual([]);
  });

  it.each<[string, Partial<ConsumerDefinition>]>([
    ['memoryMiB', { memoryMiB: 64 }],
    ['timeoutSeconds', { timeoutSeconds: 901 }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['batchSize', { batchSize: 11 }],
    ['batchSize', { batchSize: 0 }],
    ['maxConcurrency', { maxConcurrency: 1 }],
    ['maxConcurrency', { maxConcurrency: 1001 }],
    ['maxReceiveCount', { maxReceiveCount: 0 }],
    ['maxReceiveCount', { maxReceiveCount: 1001 }],
    ['retryAfterSeconds', { retryAfterSeconds: 43_201 }],
    ['retryAfterSeconds', { timeoutSeconds: 60, retryAfterSeconds: 359 }],
    ['retentionDays', { retentionDays: 15 }],
    ['retentionDays', { retentionDays: 0.5 }],
    ['retentionDays', { retryAfterSeconds: 43_200, maxReceiveCount: 8 }],
    ['deadLetterDays', { deadLetterDays: 15 }],
    ['deadLetterDays', { deadLetterDays: 3 }],
    ['memoryMiB', { memoryMiB: NaN }],
    ['events', { events: [] }],
  ])('names %s for %j', (field, settings) => {
    const complaints = consumerComplaints(defineConsumer({ ...definition, ...settings, name: 'print-labels' }));
    expect(complaints.join('\n')).toContain(field);
  });
});
