import { describe, expect, it } from 'vitest';
import type { AwsCall } from '../contract.ts';
import { createRecorder } from '../recorder.ts';

function call(id: number): AwsCall {
  return {
    id,
    functionName: 'work',
    environmentId: 'e',
    service: 'dynamodb',
    operation: 'GetItem',
    resource: 'items',
    startedAt: id,
    endedAt: id + 1,
    status: 200,
    readUnits: 0,
    writeUnits: 0,
  };
}

describe('the recorder', () => {
  it('keeps the newest calls only', () => {
    const recorder = createRecorder({ calls: 100 });
    for (let id = 1; id <= 1000; id += 1) recorder.call(call(id));
    const kept = recorder.calls().map(({ id }) => id);
    expect(kept).toHaveLength(100);
    expect([kept[0], kept.at(-1)]).toEqual([901, 1000]);
  });

  it('returns the calls after a given one in their order', () => {
    const recorder = createRecorder();
    for (const id of [2, 1, 4, 3]) recorder.call(call(id));
    expect(recorder.calls(1).map(({ id }) => id)).toEqual([2, 3, 4]);
  });

  it('keeps events, mails and pushes apart, and clears everything', () => {
    const recorder = createRecorder({ sinkEntries: 4 });
    for (let number = 1; number <= 9; number += 1) recorder.sink('mail', { number });
    recorder.sink('push', { number: 0 });
    expect(recorder.sinks('mail').map((entry) => entry['number'])).toEqual([6, 7, 8, 9]);
    expect(recorder.sinks('push')).toHaveLength(1);
    recorder.call(call(1));
    recorder.clear();
    expect([recorder.calls(), recorder.sinks('mail'), recorder.sinks('push'), recorder.sinks('event')]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });
});
