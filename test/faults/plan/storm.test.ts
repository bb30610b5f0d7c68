import { describe, expect, it } from 'vitest';
import type { PlannedCall } from '../../../local/fault-plan.ts';
import { roughWeather, Storm, type StormFault } from './storm.ts';

function callOf(more: Partial<PlannedCall> = {}): PlannedCall {
  const input = {};
  return {
    id: 1,
    functionName: 'messages',
    service: 'dynamodb',
    operation: 'PutItem',
    resource: 'table',
    input,
    ...more,
  };
}
const post = callOf({ service: 'execute-api', operation: 'PostToConnection' });

function decisions(storm: Storm, others: number): readonly unknown[] {
  return Array.from({ length: 2000 }, () => {
    for (let count = 0; count < others; count += 1) storm.plan.onCall?.(post);
    return storm.plan.onCall?.(callOf());
  });
}

describe('a storm', () => {
  it('repeats its faults for the same seed, whatever calls come in between', () => {
    const [storm, repeated] = [new Storm(7), new Storm(7)];
    storm.begin();
    repeated.begin();
    const [first, second] = [decisions(storm, 0), decisions(repeated, 2)];
    expect(first.filter((fault) => fault !== undefined).length).toBeGreaterThan(20);
    expect(second).toEqual(first);
    const another = new Storm(8);
    another.begin();
    expect(decisions(another, 0)).not.toEqual(first);
  });

  it('causes every fault, about as often as its share', () => {
    const storm = new Storm(7);
    storm.begin();
    const rounds = 5000;
    for (let round = 0; round < rounds; round += 1) {
      storm.plan.onCall?.(post);
      storm.plan.onFrame?.('c', '{}');
      storm.plan.staleRead?.('table', undefined, 'Query');
      storm.plan.deliveries?.('rule', 'event');
      storm.plan.additionalBatch?.('stream', 'stream-projector');
      storm.plan.dropDisconnect?.('c');
    }
    for (const [kind, share] of Object.entries(roughWeather)) {
      const count = storm.happened[kind as StormFault] ?? 0;
      expect(count, kind).toBeGreaterThan(rounds * share * 0.5);
      expect(count, kind).toBeLessThan(rounds * share * 1.6);
    }
  });

  it('causes no fault before it begins, after it calms, or for the account’s owner', () => {
    const storm = new Storm(7);
    expect(decisions(storm, 0).every((fault) => fault === undefined)).toBe(true);
    storm.begin();
    expect(
      Array.from({ length: 2000 }, () => storm.plan.onCall?.(callOf({ functionName: 'owner' }))).every(
        (fault) => fault === undefined,
      ),
    ).toBe(true);
    storm.calm();
    expect(decisions(storm, 0).every((fault) => fault === undefined)).toBe(true);
    expect(storm.happened).toEqual({});
  });
});
