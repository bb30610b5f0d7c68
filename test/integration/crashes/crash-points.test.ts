import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { mostMissed } from '../../../shared/features/sync/first-missed.ts';
import { isFullSize, sampled, sized } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import { connect } from '../people.ts';
import { logAccess } from '../system/log-access.ts';
import { report } from '../system/report.ts';
import type { StoredItem } from '../system/tables.ts';
import * as consumers from './consumer-sweeps.ts';
import { ask } from './crash-world.ts';
import { isFresh, renewSessions } from './fresh-sessions.ts';
import { processIncident } from './incident-sweeps.ts';
import { violationsIn } from './invariants.ts';
import { mailAnswer, mailDigest, recordBounce } from './mail-sweeps.ts';
import { sendPush } from './push-sweep.ts';
import { operationSweeps } from './operation-sweeps.ts';
import { plantedFaults } from './planted-faults.ts';
import * as tickets from './ticket-sweeps.ts';
import type { SweepResult } from './sweep.ts';
import { SweepRun } from './sweep-run.ts';

const accounts = [...sampled(operationSweeps.accounts, 4), consumers.connectWithTicket];
const others = sampled(operationSweeps.others, 4);
/** These run after every change, so the sweeps of operations must be over. */
const following = sampled(
  [
    consumers.endSilently,
    consumers.projectChanges,
    consumers.closeSockets,
    consumers.sendMail,
    consumers.indexMessage,
    consumers.notifyOfMention,
    sendPush,
    consumers.signCheckpoint,
    consumers.wakeAgent,
    mailAnswer,
    mailDigest,
    recordBounce,
    tickets.updateTicket,
    tickets.takeOverComment,
    processIncident,
  ],
  2,
);
const sweepNames = [...accounts, ...others, ...following].map(({ name }) => name);

let run: SweepRun;
let items: readonly StoredItem[] = [];
let access: Awaited<ReturnType<typeof logAccess>>;

beforeAll(
  async () => {
    run = await SweepRun.start();
    const { world } = run;
    const accountsLane = run.inTurn(accounts);
    const keepFresh = async (): Promise<void> => {
      if (isFresh(world.alice)) return;
      // Logins of a renewal would disturb the sweeps of `auth`.
      await accountsLane;
      await renewSessions(world);
    };
    await Promise.all([accountsLane, run.inTurn(others, keepFresh)]);
    await run.inTurn(following, keepFresh);
    await run.test.run.settled();
    items = await world.tables.items();
    access = await logAccess(run.test.run, world.alice.tenantId);
  },
  sized(5_400_000, 600_000),
);

afterAll(() => run.test.stop());

describe('after a crash, a lost reply or throttling at any of its calls', () => {
  it.each(sweepNames)('%s stores each answered effect once and locks no user out', (name) => {
    run.expectSwept(name);
  });

  it('covers every sweep, with hundreds of points', () => {
    expect([...run.results.keys()].sort()).toEqual(sweepNames.toSorted());
    const sum = (count: (result: SweepResult) => number) =>
      [...run.results.values()].reduce((total, result) => total + count(result), 0);
    report(`crash points: ${sum(({ tried }) => tried)} of ${sum(({ points }) => points)} (seed ${seed})`);
    expect(sum(({ points }) => points)).toBeGreaterThan(sized(2000, 400));
    if (isFullSize) expect(sum(({ tried }) => tried)).toBe(sum(({ points }) => points));
  });

  async function history(): Promise<readonly Message[]> {
    const seen: Message[] = [];
    for (let after: string | null = '0'; after !== null;) {
      const query = `?limit=100&after=${after}`;
      const path = `/api/v1/conversations/${run.world.conversation}/messages${query}`;
      const page = await ask(run.world, run.world.bob, 'GET', path);
      seen.push(...page.body.items);
      after = page.body.nextCursor;
    }
    return seen;
  }

  it('has exactly the acknowledged messages in the history, each once', async () => {
    const seen = (await history()).map(({ clientMessageId }) => clientMessageId);
    expect(seen.toSorted()).toEqual([...run.world.acknowledged].toSorted());
  });

  it('resumes a returning client with every message of the longest resumable absence', async () => {
    const { body } = await ask(run.world, run.world.bob, 'GET', `/api/v1/conversations/${run.world.conversation}`);
    const from = Math.max(0, body.lastSeq - mostMissed);
    const socket = await connect(run.test, run.world.bob);
    await socket.request('hello', { resume: { [run.world.conversation]: from } });
    await socket.frame((frame) => frame.type === 'sync.page' && frame.data.complete);
    const events = socket.frames.filter((frame) => frame.type === 'sync.page').flatMap((page) => page.data.events);
    const seqs = events.flatMap(({ seq }) => seq ?? []);
    expect(seqs).toEqual(Array.from({ length: body.lastSeq - from }, (_, index) => from + 1 + index));
    const messages = events.filter((event) => event.type === 'message.created').map(({ seq }) => seq as number);
    expect(messages).toEqual((await history()).map(({ seq }) => seq).filter((seq) => seq > from));
    expect(messages.length).toBeGreaterThan(0);
    await socket.close();
  });

  it('keeps all projections consistent with the logs and accounts, and publishes every event', () => {
    expect(violationsIn(run.test.run, run.world.prefix, items, access)).toEqual([]);
  });

  it.each(plantedFaults)('detects $name', ({ plant }) => {
    expect(
      violationsIn(
        run.test.run,
        run.world.prefix,
        items.flatMap((item) => plant(item, run.world)),
        access,
      ).length,
    ).toBeGreaterThan(0);
  });
});
