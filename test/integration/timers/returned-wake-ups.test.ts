import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../local/fault-plan.ts';
import { newAgent } from '../../../shared/features/agents/agent-item.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { Tables } from '../system/tables.ts';

/** With the queue's own visibility timeout, as on AWS. */
let test: TestRun;
let tables: Tables;
let attempts: number[] = [];
let fault: ((attempt: number) => Fault | undefined) | undefined;
let slowMs: number | undefined;

const isTimers = ({ functionName }: { readonly functionName: string }) => functionName.endsWith('-run-timers');

beforeAll(async () => {
  test = await startTestRun({
    faults: {
      onCall: (call) => {
        if (!isTimers(call)) return undefined;
        if (slowMs !== undefined && call.service === 'dynamodb') return { kind: 'delay', ms: slowMs };
        if (call.operation !== 'GetItem' || !JSON.stringify(call.input).includes('#AGENTS')) return undefined;
        attempts.push(Date.now());
        return fault?.(attempts.length);
      },
    },
  });
  tables = new Tables(test.run);
});
afterAll(() => test.stop());
afterEach(() => {
  fault = undefined;
  slowMs = undefined;
  attempts = [];
});

const promisedMs = 5000;

/** Ends when the timer of a new agent has had its effect. */
async function runTimer(): Promise<void> {
  const userId = ulid();
  const pk = `T#${ulid()}#AGENTS`;
  const wakeAt = Date.now();
  await tables.put({ pk, sk: userId, ...newAgent(userId, 'agent', 'Ada', wakeAt), availability: 'online', wakeAt });
  await expect.poll(async () => (await tables.get(pk, userId))?.['wakeAt'], { timeout: 30_000 }).toBeUndefined();
}

describe('a wake-up', () => {
  it.each(['kill-before', 'kill-after'] as const)(
    'returns within 5 seconds when its process dies: %s',
    async (kind) => {
      fault = (attempt) => (attempt === 1 ? { kind } : undefined);
      await runTimer();
      const [first = 0, second = Infinity] = attempts;
      expect(second - first).toBeLessThan(promisedMs);
    },
  );

  it('returns after a second when its handling fails', async () => {
    fault = (attempt) => (attempt === 1 ? { kind: 'status', status: 400, code: 'ValidationException' } : undefined);
    await runTimer();
    const [first = 0, second = Infinity] = attempts;
    expect(second - first).toBeGreaterThan(900);
    expect(second - first).toBeLessThan(promisedMs);
  });

  it('does not return while its process works on it', async () => {
    slowMs = 1200;
    const startedAt = performance.now();
    await runTimer();
    await test.run.settled();
    const runs = test.run.recorder
      .invocations()
      .filter((invocation) => isTimers(invocation) && invocation.startedAt >= startedAt);
    expect(runs.map(({ outcome }) => outcome)).toEqual(['returned']);
    const [{ startedAt: from = 0, endedAt: to = 0 } = {}] = runs;
    expect(to - from).toBeGreaterThan(3000);
  });
});
