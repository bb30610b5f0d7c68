import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverEvents } from '../../../shared/contract/registry.ts';
import { seed } from '../../reporting/seed.ts';
import { groupCalls } from '../groups/group-calls.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { seededRandom } from '../log/seeded-random.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { catchUpCalls } from '../sync/catch-up-calls.ts';
import { report } from '../system/report.ts';
import { newPerson } from '../system/world.ts';
import { changingOperations, further, type ReplayStage, rows, type Step } from './actions.ts';
import { Observer } from './observer.ts';
import { Replica, type Snapshot } from './replica.ts';
import { walk } from './walk.ts';

/**
 * The law of replay: what somebody knows who heard everything live, who comes back from wherever, and who asks for
 * everything now, is the same; by the client's own rules, and of everything that a screen shows.
 */
const random = seededRandom(seed);
const walkSteps = 60;

let test: TestRun;
let stage: ReplayStage;
let observers: readonly Observer[];

beforeAll(async () => {
  report(`replay law (seed ${seed})`);
  test = await startTestRun();
  const { alice, bob, carol } = await castOf(test, 'replay', { messagesPerMinute: null, editWindowMinutes: null });
  const dan = await newPerson(test, 'replay', 'late', 'dan');
  const direct = await conversationOf(test, alice, bob);
  const group = await groupCalls(test).started(alice, [bob, carol], { history: 'since-joining' });
  stage = { test, alice, bob, carol, dan, direct, group, socket: await connect(test, alice) };
  await test.run.settled();
  const people = Object.entries({ alice, bob, carol, dan });
  observers = await Promise.all(people.map(([name, who]) => Observer.start(test, name, who)));
  await Promise.all(observers.map((observer) => observer.leaves('the beginning')));
});

afterAll(async () => {
  await Promise.all([stage.socket.close(), ...observers.map((observer) => observer.close())]);
  await test.stop();
});

/** Compares what everybody knows who was there all the time, or went away after what was done before this. */
async function expectTheSame(when: string): Promise<void> {
  await test.run.settled();
  await Promise.all(
    observers.map(async (observer) => {
      const snapshot = await observer.snapshot();
      const expected = Replica.fresh(observer.who.userId, snapshot).shown(snapshot);
      const live = await observer.live(snapshot);
      const left = observer.left.at(-1);
      if (left === undefined) throw new Error('Nobody went away');
      const resumed = await observer.resumed(left, 'overHttp', snapshot);
      await observer.leaves(when);
      expect(live.shown(snapshot), `${observer.name}, live`).toEqual(expected);
      expect(resumed.shown(snapshot), `${observer.name}, back since ${left.when}`).toEqual(expected);
    }),
  );
}

const did: [string, Step][] = [...Object.entries(rows), ...Object.entries(further)].flatMap(([name, step]) =>
  typeof step === 'string' ? [] : [[name, step]],
);

describe(`what was seen live is what catching up brings, and what there is (seed ${seed})`, () => {
  it('has a row for every operation that may change something', () => {
    expect(Object.keys(rows).sort()).toEqual([...changingOperations].sort());
  });

  it.each(did)('after %s', async (name, step) => {
    await step(stage);
    await expectTheSame(name);
  });

  it('after everybody did this and that at once', async () => {
    expect(await walk(stage, walkSteps, random)).toBeGreaterThan(walkSteps / 4);
    await expectTheSame('a walk');
  });
});

describe(`whoever comes back, from wherever (seed ${seed})`, () => {
  async function snapshots(): Promise<readonly (readonly [Observer, Snapshot, unknown])[]> {
    await test.run.settled();
    return Promise.all(
      observers.map(async (observer) => {
        const snapshot = await observer.snapshot();
        return [observer, snapshot, Replica.fresh(observer.who.userId, snapshot).shown(snapshot)] as const;
      }),
    );
  }

  it('has what there is, after each thing that was done, over both transports', async () => {
    for (const [observer, snapshot, expected] of await snapshots()) {
      for (const [index, left] of observer.left.entries()) {
        if ((index + seed) % 4 !== 0) continue;
        const way = (index + seed) % 8 === 0 ? 'overSocket' : 'overHttp';
        const resumed = await observer.resumed(left, way, snapshot);
        expect(resumed.shown(snapshot), `${observer.name}, ${way}, back since ${left.when}`).toEqual(expected);
      }
    }
  });

  it('has what there is, from positions all along a log', async () => {
    const [alices] = await snapshots();
    if (alices === undefined) throw new Error('Nobody looks');
    const [alice, snapshot, expected] = alices;
    const left = alice.left.at(-1);
    const known = Replica.fresh(alice.who.userId, snapshot);
    const end = snapshot.pages.get(stage.group)?.covers.through ?? 0;
    expect(end).toBeGreaterThan(50);
    for (let position = 0; position <= end; position += 1 + Math.floor(random() * 12)) {
      const replica = known.upTo(stage.group, position, snapshot);
      const resumed = await alice.resumed(
        { when: `${position}`, since: left?.since ?? '', replica },
        'overHttp',
        snapshot,
      );
      expect(resumed.shown(snapshot), `from ${position} of ${end}`).toEqual(expected);
    }
  });

  it('begins anew with the newest where the log does not lead there', async () => {
    for (const [observer, snapshot, expected] of await snapshots()) {
      const known = Replica.fresh(observer.who.userId, snapshot);
      const beyond = Object.fromEntries(Object.entries(known.positions()).map(([id, seq]) => [id, seq + 1000]));
      const { events } = await catchUpCalls(test).overHttp(observer.who, beyond);
      for (const { type } of events) observer.seen.resumed.add(type);
      const begun = known.told(events).settled(snapshot).shown(snapshot);
      const newest = (list: unknown) =>
        (list as readonly { messages: readonly unknown[]; known: readonly unknown[] }[]).map(
          ({ messages, known: [, through], ...conversation }) => ({ ...conversation, last: messages.at(-1), through }),
        );
      expect(newest(begun)).toEqual(newest(expected));
    }
  });

  it('was told of every kind of event that there is, and of each lasting one also live', () => {
    const all = serverEvents.filter(({ event }) => event);
    const resumed = new Set(observers.flatMap(({ seen }) => [...seen.resumed]));
    const live = new Set(observers.flatMap(({ seen }) => [...seen.live]));
    const unseen = all.filter(({ type, lasting }) => (lasting ? !live.has(type) || !resumed.has(type) : false));
    expect(unseen.map(({ type }) => type)).toEqual([]);
    expect(all.map(({ type }) => type).filter((type) => !live.has(type) && !resumed.has(type))).toEqual([]);
  });
});
