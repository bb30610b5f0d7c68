import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverEvents } from '../../../shared/contract/registry.ts';
import { sized } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import { groupCalls } from '../groups/group-calls.ts';
import type { TestRun } from '../harness.ts';
import { newIntegration } from '../integrations/integration-calls.ts';
import { sharedTestRun } from '../shared-run.ts';
import { seededRandom } from '../log/seeded-random.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { catchUpCalls } from '../sync/catch-up-calls.ts';
import { succeed, startSupport } from '../desk/desk-calls.ts';
import { newMessage } from '../system/new-message.ts';
import { report } from '../system/report.ts';
import { newPerson } from '../system/world.ts';
import { readsOnly } from '../../operations/kit/define-card.ts';
import { frameCards, nameOf, operationCards } from '../../operations/kit/cards.ts';
import { furtherSteps } from './further-steps.ts';
import { listsOfDesk, Observer } from './observer.ts';
import { Replica, type Snapshot } from './replica.ts';
import type { ReplayStage, ReplayStep } from './replay-stage.ts';
import { walk } from './walk.ts';

// A client that received everything live, one that resumes and one that loads everything have the same state.
const random = seededRandom(seed);
const walkSteps = sized(60, 30);
const stepsPerComparison = sized(1, 3);

let test: TestRun;
let stage: ReplayStage;
let observers: readonly Observer[];

beforeAll(async () => {
  report(`replay law (seed ${seed})`);
  test = await sharedTestRun();
  const { slug, alice, bob, carol } = await castOf(test, 'replay', {
    messagesPerMinute: null,
    editWindowMinutes: null,
    autoAssign: 'off',
  });
  const dan = await newPerson(test, slug, 'late', 'dan');
  const agent = await newPerson(test, slug, 'late', 'agent', 'agent');
  const admin = await newPerson(test, slug, 'late', 'boss', 'admin');
  const colleague = await newPerson(test, slug, 'late', 'colleague', 'agent');
  await succeed(test, agent, 'PATCH', '/agents/me', { availability: 'online' });
  const support = await startSupport(test, alice, { subject: 'Help', message: newMessage() });
  const spareSupport = await startSupport(test, dan, { subject: 'Forget it', message: newMessage('secret') });
  const admin = await newPerson(test, slug, 'late', 'admin', 'admin');
  const { id: integrationId } = await newIntegration(test, admin);
  const direct = await conversationOf(test, alice, bob);
  const group = await groupCalls(test).started(alice, [bob, carol], { history: 'since-joining' });
  stage = {
    test,
    alice,
    bob,
    carol,
    dan,
    agent,
    admin,
    colleague,
    direct,
    group,
    support,
    spareSupport,
    integrationId,
    socket: await connect(test, alice),
  };
  await test.run.settled();
  const people = Object.entries({ alice, bob, carol, dan });
  observers = await Promise.all([
    ...people.map(([name, who]) => Observer.start(test, name, who)),
    Observer.start(test, 'agent', agent, listsOfDesk),
  ]);
  await Promise.all(observers.map((observer) => observer.leaves('the beginning')));
});

afterAll(async () => {
  await Promise.all([stage.socket.close(), ...observers.map((observer) => observer.close())]);
  await test.stop();
});

async function expectTheSame(when: string): Promise<void> {
  await test.run.settled();
  await Promise.all(
    observers.map(async (observer) => {
      const snapshot = await observer.snapshot();
      const expected = Replica.fresh(observer.who.userId, snapshot).shown(snapshot);
      const live = await observer.live(snapshot);
      const left = observer.left.at(-1);
      if (left === undefined) throw new Error('No client has left');
      const resumed = await observer.resumed(left, 'overHttp', snapshot);
      await observer.leaves(when);
      expect(live.shown(snapshot), `${observer.name}, live`).toEqual(expected);
      expect(resumed.shown(snapshot), `${observer.name}, back since ${left.when}`).toEqual(expected);
    }),
  );
}

const cards = [...operationCards, ...frameCards];
const steps: readonly (readonly [string, ReplayStep])[] = [
  ...cards.flatMap((card) => (typeof card.replay === 'function' ? [[nameOf(card), card.replay] as const] : [])),
  ...Object.entries(furtherSteps),
];
/** One comparison follows several steps, unless at full size. */
const groups = Array.from({ length: Math.ceil(steps.length / stepsPerComparison) }, (_, index) =>
  steps.slice(index * stepsPerComparison, (index + 1) * stepsPerComparison),
);

describe(`a resumed client’s state (seed ${seed})`, () => {
  it('is compared after every operation that may change something', () => {
    const silent = operationCards.filter(({ replay }) => replay === readsOnly.replay);
    expect(silent.filter(({ route }) => route.idempotent !== 'safe').map(nameOf)).toEqual([]);
    report(`replay law: ${steps.length} steps, ${groups.length} comparisons`);
  });

  it.each(groups.map((group) => [group.map(([name]) => name).join(', '), group] as const))(
    'equals the states of a connected and a loading client after: %s',
    async (names, group) => {
      for (const [, step] of group) {
        await step(stage);
        await test.run.settled();
      }
      await expectTheSame(names);
    },
  );

  it('equals the states of a connected and a loading client after a random walk of all users', async () => {
    expect(await walk(stage, walkSteps, random)).toBeGreaterThan(walkSteps / 4);
    await expectTheSame('a walk');
  });
});

describe(`a resuming client (seed ${seed})`, () => {
  async function snapshots(): Promise<readonly (readonly [Observer, Snapshot, unknown])[]> {
    await test.run.settled();
    return Promise.all(
      observers.map(async (observer) => {
        const snapshot = await observer.snapshot();
        return [observer, snapshot, Replica.fresh(observer.who.userId, snapshot).shown(snapshot)] as const;
      }),
    );
  }

  it('has the same state as a loading client, whenever it left, over both transports', async () => {
    for (const [observer, snapshot, expected] of await snapshots()) {
      for (const [index, left] of observer.left.entries()) {
        if ((index + seed) % 4 !== 0) continue;
        const way = (index + seed) % 8 === 0 ? 'overSocket' : 'overHttp';
        const resumed = await observer.resumed(left, way, snapshot);
        expect(resumed.shown(snapshot), `${observer.name}, ${way}, back since ${left.when}`).toEqual(expected);
      }
    }
  });

  it('has the same state as a loading client from positions all along a log', async () => {
    const [alices] = await snapshots();
    if (alices === undefined) throw new Error('There is no observer');
    const [alice, snapshot, expected] = alices;
    const left = alice.left.at(-1);
    const loaded = Replica.fresh(alice.who.userId, snapshot);
    const end = snapshot.pages.get(stage.group)?.covers.through ?? 0;
    expect(end).toBeGreaterThan(50);
    for (let position = 0; position <= end; position += 1 + Math.floor(random() * 12)) {
      const replica = loaded.upTo(stage.group, position, snapshot);
      const resumed = await alice.resumed(
        { when: `${position}`, since: left?.since ?? '', replica },
        'overHttp',
        snapshot,
      );
      expect(resumed.shown(snapshot), `from ${position} of ${end}`).toEqual(expected);
    }
  });

  it('restarts from the newest entries when its position is beyond the log', async () => {
    for (const [observer, snapshot, expected] of await snapshots()) {
      const loaded = Replica.fresh(observer.who.userId, snapshot);
      const beyond = Object.fromEntries(Object.entries(loaded.positions()).map(([id, seq]) => [id, seq + 1000]));
      const { events } = await catchUpCalls(test).overHttp(observer.who, beyond);
      for (const { type } of events) observer.seen.resumed.add(type);
      const begun = loaded.applied(events).settled(snapshot).shown(snapshot);
      const newest = (list: unknown) =>
        (list as readonly { messages: readonly unknown[]; covered: readonly unknown[] }[]).map(
          ({ messages, covered: [, through], ...conversation }) => ({
            ...conversation,
            last: messages.at(-1),
            through,
          }),
        );
      expect(newest(begun)).toEqual(newest(expected));
    }
  });

  it('receives every kind of event, and each lasting one also live', () => {
    const all = serverEvents.filter(({ event }) => event);
    const resumed = new Set(observers.flatMap(({ seen }) => [...seen.resumed]));
    const live = new Set(observers.flatMap(({ seen }) => [...seen.live]));
    const unseen = all.filter(({ type, lasting }) => (lasting ? !live.has(type) || !resumed.has(type) : false));
    expect(unseen.map(({ type }) => type)).toEqual([]);
    expect(all.map(({ type }) => type).filter((type) => !live.has(type) && !resumed.has(type))).toEqual([]);
  });
});
