import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from '../../faults/scale.ts';
import { sample } from '../crashes/sample.ts';
import { type CrashOperation, sweep, type SweepResult } from '../crashes/sweep.ts';
import { Trap } from '../crashes/trap.ts';
import { succeed } from '../desk/desk-calls.ts';
import { environmentsForRaces, startTestRun, type OwnTestRun } from '../harness.ts';
import { castOf } from '../people.ts';
import { functionPrefix } from '../system/operations.ts';
import type { SignedIn } from '../raw-client.ts';
import { announce, type CreatedWebhook, deliveryIdsOf, newAdmin, newWebhook, quietTypes } from './webhook-calls.ts';

interface Announced extends CreatedWebhook {
  /** The receiver fails at first, so that the lane is parked and woken. */
  readonly failsFirst: boolean;
}

let test: OwnTestRun;
let slug: string;
let admin: SignedIn;
let admins = 0;
const results = new Map<string, SweepResult>();

/** Longer than a dead function holds a lane, and than the first pause of a gate. */
const recoveryMs = 60_000;

function operation(name: string, functions: readonly string[], failsFirst: boolean): CrashOperation<Announced> {
  return {
    name,
    functions,
    prepare: async () => {
      // The clock moves on by minutes, and tokens expire.
      admins += 1;
      admin = await newAdmin(test, slug, `admin${admins}`);
      const webhook = await newWebhook(test, admin, `crash-${ulid().toLowerCase()}`, quietTypes);
      let isFirst = failsFirst;
      test.run.farSides.behave(webhook.host, () => {
        const status = isFirst ? 503 : 204;
        isFirst = false;
        return { kind: 'answer', status };
      });
      return { ...webhook, failsFirst };
    },
    attempt: async ({ id }) => {
      await announce(test, admin, id);
      for (let turn = 0; turn < 3; turn += 1) {
        test.run.timers.advance(recoveryMs);
        await test.run.settled();
      }
    },
    check: async ({ id, host }) => {
      const ids = await deliveryIdsOf(test, admin, id);
      expect(ids).toHaveLength(1);
      const { status } = await succeed(test, admin, 'GET', `/admin/webhooks/${id}/deliveries/${ids[0]}`);
      expect(status).toBe('delivered');
      const received = test.run.farSides.requests(host).map(({ headers }) => headers['webhook-id']);
      expect(new Set(received)).toEqual(new Set(ids));
      // A crash repeats at most one attempt.
      expect(received.length).toBeLessThanOrEqual(failsFirst ? 3 : 2);
      await succeed(test, admin, 'DELETE', `/admin/webhooks/${id}`);
    },
  };
}

const operations = [
  operation('store the deliveries of an event', ['deliver-webhooks'], false),
  operation('deliver', ['run-lanes'], false),
  operation('park, probe and open', ['run-lanes'], true),
];

beforeAll(
  async () => {
    const trap = new Trap(functionPrefix);
    test = await startTestRun({
      environmentsPerFunction: environmentsForRaces,
      faults: trap.plan,
      pace: { queueRetryAfterMs: 20 },
    });
    ({ slug } = await castOf(test, 'crashing'));
    const recycle = (name: string) => test.run.functions.recycle(functionPrefix + name);
    for (const each of operations) {
      results.set(each.name, await sweep({ run: test.run, trap, recycle, operation: each, ...sample }));
    }
  },
  sized(5_400_000, 600_000),
);
afterAll(() => test.stop());

it.each(operations.map(({ name }) => name))(
  '%s: delivers each event, and repeats at most one attempt, after a crash at any call',
  (name) => {
    const result = results.get(name);
    expect(result?.calls).toBeGreaterThan(3);
    expect(result?.failures).toEqual([]);
    expect(result?.missed).toEqual([]);
  },
);
