import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeed } from '../desk/desk-calls.ts';
import { startTestRun, type OwnTestRun } from '../harness.ts';
import { castOf, type Cast, conversationOf } from '../people.ts';
import type { SignedIn } from '../raw-client.ts';
import { passTime } from './virtual-time.ts';
import { eventIn, learnSinks, newAdmin, newWebhook, receivedBy } from './webhook-calls.ts';

const minute = 60_000;
const hour = 60 * minute;

let test: OwnTestRun;
let cast: Cast;
let admin: SignedIn;
let conversations: readonly string[];

beforeAll(async () => {
  // Every event reaches the consumer five times, and batches repeat in another order.
  test = await startTestRun({
    faults: {
      deliveries: (rule) => (rule.endsWith('-deliver-webhooks') ? 5 : 1),
      additionalBatch: (source, name) =>
        source === 'queue' && name.endsWith('-deliver-webhooks') ? 'reordered' : undefined,
    },
  });
  cast = await castOf(test, 'outage');
  admin = await newAdmin(test, cast.slug);
  const { alice, bob, carol } = cast;
  conversations = await Promise.all([
    conversationOf(test, alice, bob),
    conversationOf(test, alice, carol),
    conversationOf(test, bob, carol),
  ]);
  await newWebhook(test, admin, 'first', { types: ['sla.changed'] });
  await learnSinks(test);
});
afterAll(() => test.stop());

const now = () => Date.now() + test.run.timers.clockOffsetMs;

/** Each round sends one message into every conversation. */
async function send(rounds: number): Promise<void> {
  const senders = [cast.alice, cast.alice, cast.bob];
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      conversations.map((id, index) =>
        succeed(test, senders[index] ?? cast.alice, 'POST', `/conversations/${id}/messages`, {
          ...{ type: 'text', text: `round ${round}`, clientMessageId: ulid(now()) },
        }),
      ),
    );
  }
}

/** The numbers that a receiver got, by conversation. */
function seqsOf(host: string): ReadonlyMap<string, readonly number[]> {
  const events = test.run.farSides.requests(host).map((request) => eventIn(request).data);
  const byConversation = Map.groupBy(events, ({ conversationId }) => conversationId);
  return new Map([...byConversation].map(([id, some]) => [id, some.map(({ seq }) => seq)]));
}

describe('a receiver that works', () => {
  it('gets each event once and in the order of its conversation, however often and shuffled it arrives', async () => {
    const { id, host } = await newWebhook(test, admin, 'shuffled');
    await send(6);
    await passTime(test, 3 * minute);
    const seqs = seqsOf(host);
    expect([...seqs.keys()].sort()).toEqual([...conversations].sort());
    for (const some of seqs.values()) expect(some).toEqual(some.map((_, index) => (some[0] ?? 0) + index));
    expect([...seqs.values()].map((some) => some.length)).toEqual([6, 6, 6]);
    const ids = test.run.farSides.requests(host).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(18);
    await succeed(test, admin, 'DELETE', `/admin/webhooks/${id}`);
  });
});

describe('receivers that are all down', () => {
  it('leaves messages as fast as ever, and the run settles', async () => {
    const kinds = ['down', 'reset', 'wrong-tls'] as const;
    const ids = await Promise.all(
      Array.from({ length: 9 }, async (_, index) => {
        const { id, host } = await newWebhook(test, admin, `down-${index}`);
        test.run.farSides.behave(host, { kind: kinds[index % kinds.length] ?? 'down' });
        return id;
      }),
    );
    await send(2);
    await test.run.settled();
    const paths = conversations.slice(0, 2).map((id) => `/conversations/${id}`);
    for (const path of paths) expect((await succeed(test, cast.alice, 'GET', path)).lastSeq).toBeGreaterThan(0);
    for (const id of ids) {
      const webhook = await succeed(test, admin, 'GET', `/admin/webhooks/${id}`);
      expect(webhook).toMatchObject({ enabled: true, pausedUntil: expect.any(String) as unknown });
      await succeed(test, admin, 'DELETE', `/admin/webhooks/${id}`);
    }
    await test.run.settled();
  });
});

describe('a receiver that is down for six hours', () => {
  it('is tested by one request at each step of the schedule, and then gets everything once and in order', async () => {
    const { host } = await newWebhook(test, admin, 'outage');
    const startedAt = now();
    const attempts: number[] = [];
    test.run.farSides.behave(host, () => {
      const after = now() - startedAt;
      if (after >= 6 * hour) return { kind: 'answer', status: 204 };
      attempts.push(after);
      return { kind: 'answer', status: 503 };
    });
    await send(4);
    await passTime(test, 6 * hour + minute);
    // The model: every lane may have begun an attempt when the first one failed. Then one lane probes after each pause of
    // the schedule, each up to a tenth longer.
    const pauses = [5000, 5 * minute, 30 * minute, 2 * hour];
    const first = attempts.slice(0, -pauses.length);
    expect(first.length).toBeGreaterThanOrEqual(1);
    expect(first.length).toBeLessThanOrEqual(conversations.length);
    const probes = attempts.slice(first.length);
    let before = first[0] ?? 0;
    for (const [index, pause] of pauses.entries()) {
      expect((probes[index] ?? 0) - before).toBeGreaterThanOrEqual(pause);
      expect((probes[index] ?? 0) - before).toBeLessThanOrEqual(1.1 * pause + minute);
      before = probes[index] ?? 0;
    }
    await passTime(test, 3 * hour);
    const received = receivedBy(test, host).map((request) => eventIn(request).data);
    expect(received).toHaveLength(12);
    expect(test.run.farSides.requests(host)).toHaveLength(12 + attempts.length);
    const succeeded = test.run.farSides.requests(host).slice(attempts.length);
    for (const id of conversations) {
      const seqs = succeeded.map((request) => eventIn(request).data).filter((data) => data.conversationId === id);
      expect(seqs.map(({ seq }) => seq)).toEqual(seqs.map((_, index) => (seqs[0]?.seq ?? 0) + index));
      expect(seqs).toHaveLength(4);
    }
  });
});
