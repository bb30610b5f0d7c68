import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../shared/contract/registry.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { mostMissed } from '../../../shared/features/sync/first-missed.ts';
import { isFullSize, sized } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { castOf, connect } from '../people.ts';
import type { SignedIn } from '../raw-client.ts';
import { report } from '../system/report.ts';
import { type StoredItem, Tables } from '../system/tables.ts';
import { changeNames, changeOverHttp, changeOverSocket } from './change-operations.ts';
import { readingOperations, sweepNames, uncovered } from './coverage.ts';
import { ask, type CrashWorld, crashWorld } from './crash-world.ts';
import { closeSockets, indexMessage, projectChanges, sendMail, signCheckpoint } from './event-operations.ts';
import { isFresh, renewSessions } from './fresh-sessions.ts';
import { addToGroup, removeFromGroup, renameGroup, startGroup } from './group-operations.ts';
import * as identity from './identity-operations.ts';
import * as verification from './verification-operations.ts';
import { violationsIn } from './invariants.ts';
import { sayHello, sendOverHttp, sendOverSocket, startConversation } from './messaging-operations.ts';
import { logAccess } from '../system/log-access.ts';
import { plantedFaults } from './planted-faults.ts';
import { askWhoIsThere, beAway, beAwayOverSocket, endSilently, presenceWorld } from './presence-operations.ts';
import { markAsUnread, read } from './receipt-operations.ts';
import { changeRole } from './role-operations.ts';
import { sample } from './sample.ts';
import { type CrashOperation, sweep, type SweepResult } from './sweep.ts';
import { Trap } from './trap.ts';

const functionPrefix = 'switchboard-dev-';
const crewSlug = 'crew';

let test: TestRun;
let world: CrashWorld;
const trap = new Trap(functionPrefix);

/** Makes an operation, and sweeps it. */
type Step = () => Promise<void>;

const results = new Map<string, SweepResult>();
let items: readonly StoredItem[] = [];
let access: Awaited<ReturnType<typeof logAccess>>;

beforeAll(
  async () => {
    test = await startTestRun({ faults: trap.plan, pace: { queueRetryAfterMs: 20 } });
    world = await crashWorld(test, new Tables(test.run));
    const crew = await castOf(test, crewSlug);
    const presence = await presenceWorld(world, crewSlug, crew);
    const sessions: SignedIn[] = [];
    // Lanes of different functions do not meet, so they run side by side.
    const identityLane = (async () => {
      await run(identity.logIn(world, world.visitor, sessions));
      await run(identity.logOut(world, sessions));
      await run(identity.register(world));
      await run(identity.refresh(world));
      await run(identity.changePassword(world, world.changer));
      await run(identity.resetPassword(world, world.forgetful));
      await run(identity.forgetPassword(world));
      await run(verification.verifyAddress(world));
      await run(verification.askForLinkAgain(world));
      await run(identity.createTicket(world));
      await run(identity.connectWithTicket(world));
    })();
    const messaging: readonly Step[] = [
      () => run(sendOverHttp(world)),
      () => run(startConversation(world)),
      () => run(startGroup(world)),
      () => run(sendOverSocket(world)),
      () => run(sayHello(world)),
      ...changeNames.flatMap((kind) => [
        () => run(changeOverHttp(world, kind)),
        () => run(changeOverSocket(world, kind)),
      ]),
      () => run(read(world)),
      () => run(markAsUnread(world)),
      () => run(beAway(presence)),
      () => run(beAwayOverSocket(presence)),
      () => run(addToGroup(world)),
      () => run(removeFromGroup(world)),
      () => run(renameGroup(world)),
      () => run(changeRole(world, crew)),
      () => run(identity.suspend(world)),
      () => run(identity.approve(world)),
      () => run(identity.rename(world)),
    ];
    // What functions do by themselves follows from all of that, so it has to be alone.
    const following: readonly Step[] = [
      () => run(askWhoIsThere(presence)),
      () => run(endSilently(presence)),
      () => run(projectChanges(world)),
      () => run(closeSockets(world, sessions)),
      () => run(sendMail(world)),
      () => run(indexMessage(world)),
      () => run(signCheckpoint(world)),
    ];
    const inTurn = async (steps: readonly Step[]): Promise<void> => {
      for (const step of steps) {
        if (!isFresh(world.alice)) {
          // Logging in is not to meet its own lane.
          await identityLane;
          await renewSessions(world, presence);
        }
        await step();
      }
    };
    await Promise.all([identityLane, inTurn(messaging)]);
    await inTurn(following);
    await test.run.settled();
    items = await world.tables.items();
    access = await logAccess(test.run, world.alice.tenantId);
  },
  sized(5_400_000, 600_000),
);

afterAll(() => test.stop());

async function run<State>(operation: CrashOperation<State>): Promise<void> {
  const startedAt = performance.now();
  const recycle = (name: string) => test.run.functions.recycle(functionPrefix + name);
  const result = await sweep({ run: test.run, trap, recycle, operation, ...sample });
  results.set(operation.name, result);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  report(`crash points of "${operation.name}": ${result.tried} of ${result.points}, in ${seconds} s`);
}

describe('after a crash, a lost reply or a refusal at any of its calls', () => {
  it.each(sweepNames)('%s: what was answered is there, once, and nobody is locked out', (name) => {
    const result = results.get(name);
    expect(result?.calls).toBeGreaterThan(0);
    expect(result?.failures).toEqual([]);
    expect(result?.missed).toEqual([]);
  });

  it('every operation of the contract was swept that changes something', () => {
    expect(uncovered).toEqual([]);
    expect([...results.keys()].sort()).toEqual(sweepNames);
    const reading = new Set(routes.filter(({ method }) => method === 'GET').map(({ operationId }) => operationId));
    // What a token says is asked for in a body, lest it is logged; typing and pings leave nothing behind.
    const passing = ['verifyToken', 'setTyping', 'ping', 'typing.start', 'typing.stop'];
    expect(readingOperations.filter((name) => !reading.has(name))).toEqual(passing);
    const sum = (count: (result: SweepResult) => number) =>
      [...results.values()].reduce((total, result) => total + count(result), 0);
    report(`crash points: ${sum(({ tried }) => tried)} of ${sum(({ points }) => points)} (seed ${seed})`);
    expect(sum(({ points }) => points)).toBeGreaterThan(600);
    if (isFullSize) expect(sum(({ tried }) => tried)).toBe(sum(({ points }) => points));
  });

  async function history(): Promise<readonly Message[]> {
    const seen: Message[] = [];
    for (let after: string | null = '0'; after !== null;) {
      const query = `?limit=100&after=${after}`;
      const path = `/api/v1/conversations/${world.conversation}/messages${query}`;
      const page = await ask(world, world.bob, 'GET', path);
      seen.push(...page.body.items);
      after = page.body.nextCursor;
    }
    return seen;
  }

  it('every message that was acknowledged is in the history, once, and no other', async () => {
    const seen = (await history()).map(({ clientMessageId }) => clientMessageId);
    expect(seen.toSorted()).toEqual([...world.acknowledged].toSorted());
  });

  it('who comes back gets all of them, from as far back as they are told one by one', async () => {
    const { body } = await ask(world, world.bob, 'GET', `/api/v1/conversations/${world.conversation}`);
    const from = Math.max(0, body.lastSeq - mostMissed);
    const socket = await connect(test, world.bob);
    await socket.request('hello', { resume: { [world.conversation]: from } });
    await socket.frame((frame) => frame.type === 'sync.page' && frame.data.complete);
    const events = socket.frames.filter((frame) => frame.type === 'sync.page').flatMap((page) => page.data.events);
    const seqs = events.flatMap(({ seq }) => seq ?? []);
    expect(seqs).toEqual(Array.from({ length: body.lastSeq - from }, (_, index) => from + 1 + index));
    const messages = events.filter((event) => event.type === 'message.created').map(({ seq }) => seq as number);
    expect(messages).toEqual((await history()).map(({ seq }) => seq).filter((seq) => seq > from));
    expect(messages.length).toBeGreaterThan(0);
    await socket.close();
  });

  it('everything that is derived says what the logs and the accounts say, and everything was published', () => {
    expect(violationsIn(test.run, world.prefix, items, access)).toEqual([]);
  });

  it.each(plantedFaults)('the check of that finds $name', ({ plant }) => {
    expect(
      violationsIn(
        test.run,
        world.prefix,
        items.flatMap((item) => plant(item, world)),
        access,
      ).length,
    ).toBeGreaterThan(0);
  });
});
