import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  alertmanager,
  firingAlert,
  resolvedAlert,
} from '../../../shared/features/incidents/vendor-payload-builders.ts';
import { sized } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import { environmentsForRaces, type OwnTestRun, startTestRun } from '../harness.ts';
import { seededRandom } from '../log/seeded-random.ts';
import { deliver, deliveriesOf, newSource, resultOf, supportConversations, textsIn } from './incident-calls.ts';

let test: OwnTestRun;

beforeAll(async () => {
  // A timer moves the clock of this run.
  test = await startTestRun({ environmentsPerFunction: environmentsForRaces, pace: { queueRetryAfterMs: 20 } });
}, 120_000);
afterAll(() => test.stop());

async function deskFor(name: string): Promise<Desk> {
  return deskOf(test, name, { autoAssign: 'off' });
}

const random = seededRandom(seed);
const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => [random(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);

async function countedIn(desk: Desk, conversationId: string): Promise<readonly number[]> {
  const texts = await textsIn(test, desk.admin, conversationId);
  return texts.flatMap((text) => /^(\d+) more alerts? from/.exec(text)?.[1] ?? []).map(Number);
}

describe(`a storm of incidents (seed ${seed})`, () => {
  it('opens as many conversations as its windows allow, and counts the rest', async () => {
    const desk = await deskFor('storm');
    const { admin } = desk;
    const grouping = { windowSeconds: 600, most: 10 };
    const source = await newSource(test, admin, { kind: 'alertmanager', grouping });
    const deliveries = Array.from({ length: 5 }, (_, index) =>
      alertmanager(...Array.from({ length: 100 }, (__, alert) => firingAlert(`${index}-${alert}`))),
    );

    await Promise.all(shuffled([...deliveries, ...deliveries]).map((payload) => deliver(test, source, payload)));
    await test.run.settled();

    const received = (await deliveriesOf(test, admin, source)).filter(({ duplicateOf }) => duplicateOf === undefined);
    expect(received.map(({ incidents }) => incidents)).toEqual([100, 100, 100, 100, 100]);
    const windows = Map.groupBy(received, ({ receivedAt }) => Math.floor(Date.parse(receivedAt) / 600_000));
    const [own, shared] = [10 * windows.size, windows.size];
    const conversations = await supportConversations(test, admin, 'waiting');
    const storms = conversations.filter(({ subject }) => String(subject).startsWith('More incidents from Monitor'));
    expect({ own: conversations.length - storms.length, shared: storms.length }).toEqual({ own, shared });

    const processedAt = Date.now();
    test.run.timers.advance(610_000);
    await test.run.settled();

    const counts = await Promise.all(storms.map(({ id }) => countedIn(desk, id as string)));
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(500 - own);
    // A window that ended while its deliveries were processed may have several messages.
    const isEnded = [...windows.keys()].some((window) => (window + 1) * 600_000 <= processedAt);
    if (!isEnded) expect(counts.map((list) => list.length)).toEqual([1]);
  }, 240_000);

  it('counts the repetitions of one incident beyond the limit', async () => {
    const desk = await deskFor('repetitions');
    const { admin } = desk;
    const source = await newSource(test, admin, { grouping: { windowSeconds: 300, most: 3 } });
    const opening = { incidentKey: 'web-3', event: 'open', title: 'Down' };
    const { body } = await deliver(test, source, opening);
    await test.run.settled();
    const { conversationId } = await resultOf(test, admin, source, body.deliveryId);

    await Promise.all(
      Array.from({ length: 12 }, (_, count) => deliver(test, source, { ...opening, event: 'update', count })),
    );
    await test.run.settled();
    test.run.timers.advance(310_000);
    await test.run.settled();

    const updates = await deliveriesOf(test, admin, source);
    const ofUpdates = updates.filter(({ id }) => id !== body.deliveryId);
    const windows = new Set(ofUpdates.map(({ receivedAt }) => Math.floor(Date.parse(receivedAt) / 300_000))).size;
    const texts = await textsIn(test, admin, conversationId);
    const shown = texts.filter((text) => text.startsWith('Update:')).length;
    expect(shown).toBeLessThanOrEqual(3 * windows);
    const counted = (await countedIn(desk, conversationId)).reduce((sum, count) => sum + count, 0);
    expect(shown + counted).toBe(12);
  }, 120_000);
});

describe(`a sender that repeats incidents (seed ${seed})`, () => {
  it('opens one conversation when they arrive at once', async () => {
    const { admin } = await deskFor('race');
    const source = await newSource(test, admin);
    const events = Array.from({ length: 10 }, (_, count) => ({
      incidentKey: 'web-3',
      event: 'open',
      title: 'Down',
      count,
    }));

    await Promise.all(events.map((event) => deliver(test, source, event)));
    await test.run.settled();

    const outcomes = (await deliveriesOf(test, admin, source)).map((delivery) => delivery.outcomes[0] as string);
    expect(outcomes.sort()).toEqual(['opened', ...Array.from({ length: 9 }, () => 'updated')]);
    const conversations = await supportConversations(test, admin, 'waiting');
    expect(conversations).toHaveLength(1);
    expect(await textsIn(test, admin, conversations[0].id)).toHaveLength(10);
  });

  it('reaches the state of the newest event of each, however often and in whichever order they arrive', async () => {
    const desk = await deskFor('shuffled');
    const { admin } = desk;
    const rules = [{ name: 'All', then: { close: 'resolve-if-unanswered' } }];
    const source = await newSource(test, admin, {
      kind: 'alertmanager',
      rules,
      grouping: { windowSeconds: 3600, most: 100 },
    });
    const start = Date.parse('2026-02-06T13:00:00Z');
    const keys = Array.from({ length: 5 }, () => ulid());
    const events = Array.from({ length: sized(60, 30) }, (_, index) => ({
      key: keys[Math.floor(random() * keys.length)] ?? '',
      isOpening: random() < 0.6,
      at: start + index * 1000,
    }));
    const payloads = events.map(({ key, isOpening, at }) => {
      const time = new Date(at).toISOString();
      const labels = { alertname: key };
      return isOpening
        ? alertmanager(firingAlert(key, { startsAt: time, labels }))
        : alertmanager(resolvedAlert(key, { endsAt: time, labels }));
    });

    for (const part of Object.values(
      Object.groupBy(shuffled(payloads.flatMap((one) => [one, one, one, one, one])), () => Math.floor(random() * 4)),
    )) {
      await Promise.all((part ?? []).map((payload) => deliver(test, source, payload)));
    }
    await test.run.settled();

    const received = await deliveriesOf(test, admin, source);
    const originals = received.filter(({ duplicateOf }) => duplicateOf === undefined);
    const outcomes = originals.map((delivery) => delivery.outcomes[0] as string);
    const [waiting, closed] = await Promise.all([
      supportConversations(test, admin, 'waiting'),
      supportConversations(test, admin, 'closed'),
    ]);
    const open = keys.filter((key) => events.findLast((event) => event.key === key)?.isOpening === true);
    expect(waiting.map(({ incidentId }) => String(incidentId)).sort()).toEqual(open.toSorted());
    const count = (outcome: string) => outcomes.filter((each) => each === outcome).length;
    expect(waiting.length + closed.length).toBe(count('opened'));
    const texts = await Promise.all([...waiting, ...closed].map(({ id }) => textsIn(test, admin, id as string)));
    expect(texts.flat()).toHaveLength(count('opened') + count('updated') + count('closed'));
  }, 240_000);
});
