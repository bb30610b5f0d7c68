import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../harness.ts';
import { connect as openSocket } from '../people.ts';
import type { RawSocket, SignedIn } from '../raw-client.ts';
import { DeskClock, second } from './desk-clock.ts';
import { type Desk, deskOf } from './desk-people.ts';
import { DeskTables } from './desk-tables.ts';

const prefix = 'switchboard-dev-';
const grace = 60 * second;

let test: TestRun;
let clock: DeskClock;
let faulty: { readonly functionName: string; readonly operation: string; times: number } | undefined;

beforeAll(async () => {
  test = await startTestRun({
    pace: { queueRetryAfterMs: 10 },
    faults: {
      onCall: ({ functionName, operation }) => {
        if (faulty === undefined || faulty.times === 0) return undefined;
        if (functionName !== prefix + faulty.functionName || operation !== faulty.operation) return undefined;
        faulty.times -= 1;
        return { kind: 'kill-before' };
      },
    },
  });
  clock = new DeskClock(test);
});
afterAll(() => test.stop());

interface Shift {
  readonly desk: Desk;
  readonly amina: SignedIn;
  readonly tables: DeskTables;
  /** The customer waits for Amina's first reply. */
  readonly waiting: string;
  /** Amina has answered. */
  readonly answered: string;
  readonly stateOf: (id: string) => Promise<{ readonly status: string; readonly assigneeId?: string }>;
}

async function shiftOf(name: string): Promise<Shift> {
  const desk = await deskOf(test, name);
  const amina = await desk.agent('amina');
  const [waiting, answered] = [await desk.start(desk.customer), await desk.start(desk.customer)];
  expect((await desk.say(amina, answered, 'Hello')).status).toBe(201);
  await test.run.settled();
  const stateOf = async (id: string) => {
    const { status, assigneeId } = (await desk.get(desk.admin, `/conversations/${id}`)).body;
    return { status, ...(assigneeId === undefined ? {} : { assigneeId }) };
  };
  return { desk, amina, waiting, answered, stateOf, tables: new DeskTables(test, desk.admin.tenantId) };
}

async function connect(who: SignedIn): Promise<RawSocket> {
  const socket = await openSocket(test, who);
  await socket.request('hello', {});
  await test.run.settled();
  return socket;
}

/** API Gateway reports the end of a connection some time after it ended. */
async function untilGone({ tables, amina }: Shift): Promise<void> {
  const goneSince = async () => (await tables.read()).agents.get(amina.userId)?.goneSince;
  await expect.poll(goneSince, { timeout: 30_000 }).toBeDefined();
}

const isWaiting = { status: 'waiting' };
const isWith = ({ userId }: SignedIn) => ({ status: 'active', assigneeId: userId });

describe('an agent without a connection', () => {
  it('loses the conversations of waiting customers after the grace time, and keeps the others', async () => {
    const shift = await shiftOf('killed');
    const { desk, amina, waiting, answered, stateOf, tables } = shift;
    const socket = await connect(amina);
    await test.run.settled();
    const bela = await desk.agent('bela');
    socket.cut();
    await untilGone(shift);
    await clock.advance(grace - 10 * second);
    expect(await stateOf(waiting)).toEqual(isWith(amina));
    await clock.advance(11 * second);
    expect(await stateOf(waiting)).toEqual(isWith(bela));
    expect(await stateOf(answered)).toEqual(isWith(amina));

    await desk.say(desk.customer, answered, 'Another question');
    await test.run.settled();
    expect(await stateOf(answered)).toEqual(isWith(bela));
    expect((await tables.read()).violations()).toEqual([]);
  });

  it('is noticed when the connection never sent hello', async () => {
    const shift = await shiftOf('no-hello');
    const socket = await openSocket(test, shift.amina);
    await test.run.settled();
    socket.cut();
    await untilGone(shift);
    await clock.advance(grace + second);
    expect(await shift.stateOf(shift.waiting)).toEqual(isWaiting);
    expect(await shift.stateOf(shift.answered)).toEqual(isWith(shift.amina));
  });

  it('keeps them by connecting again, or in a second tab', async () => {
    const [again, tabs] = [await shiftOf('again'), await shiftOf('tabs')];
    const first = await connect(again.amina);
    const [left, right] = [await connect(tabs.amina), await connect(tabs.amina)];
    await test.run.settled();
    first.cut();
    left.cut();
    await untilGone(again);
    await clock.advance(30 * second);
    const newer = await connect(again.amina);
    await clock.advance(3 * grace);
    expect(await again.stateOf(again.waiting)).toEqual(isWith(again.amina));
    expect(await tabs.stateOf(tabs.waiting)).toEqual(isWith(tabs.amina));
    await Promise.all([newer.close(), right.close()]);
  });

  it('gets a waiting conversation during the grace time when capacity is free', async () => {
    const shift = await shiftOf('free');
    const { desk, amina, waiting, answered, stateOf } = shift;
    await desk.patch(desk.admin, `/agents/${amina.userId}`, { maxConcurrent: 2 });
    const next = await desk.start(desk.customer);
    const socket = await connect(amina);
    await test.run.settled();
    socket.cut();
    await untilGone(shift);
    expect(await stateOf(next)).toEqual(isWaiting);
    await desk.post(desk.admin, `/conversations/${answered}/resolve`);
    await test.run.settled();
    expect(await stateOf(next)).toEqual(isWith(amina));
    expect(await stateOf(waiting)).toEqual(isWith(amina));
  });
});

describe('an agent who declares to be away', () => {
  it.each(['away', 'offline'])(
    '%s returns the conversations of waiting customers after the grace time',
    async (state) => {
      const { desk, amina, waiting, answered, stateOf } = await shiftOf(`declared-${state}`);
      await desk.patch(amina, '/agents/me', { availability: state });
      await clock.advance(grace - 5 * second);
      expect(await stateOf(waiting)).toEqual(isWith(amina));
      await clock.advance(6 * second);
      expect(await stateOf(waiting)).toEqual(isWaiting);
      expect(await stateOf(answered)).toEqual(isWith(amina));
    },
  );

  it('is not given more time by closing the page', async () => {
    const { desk, amina, waiting, stateOf } = await shiftOf('closed-page');
    const socket = await connect(amina);
    await test.run.settled();
    await desk.patch(amina, '/agents/me', { availability: 'away' });
    await clock.advance(30 * second);
    await socket.close();
    await clock.advance(31 * second);
    expect(await stateOf(waiting)).toEqual(isWaiting);
  });

  it('keeps a conversation that the agent takes by hand', async () => {
    const { desk, amina, waiting, answered, stateOf } = await shiftOf('by-hand');
    await desk.patch(amina, '/agents/me', { availability: 'away' });
    await clock.advance(grace + second);
    const taken = await desk.post(amina, `/conversations/${waiting}/assign`, { agentId: 'me' });
    expect(taken.status, taken.text).toBe(200);
    await desk.post(desk.admin, `/conversations/${answered}/close`);
    await clock.advance(2 * grace);
    expect(await stateOf(waiting)).toEqual(isWith(amina));
  });
});

describe('a customer who waits for an absent agent', () => {
  it.each([
    ['run-timers', 'TransactWriteItems'],
    ['run-timers', 'UpdateItem'],
    ['run-timers', 'GetItem'],
    ['run-timers', 'Query'],
    ['stream-projector', 'UpdateItem'],
    ['stream-projector', 'SendMessageBatch'],
  ])('returns to the queue after crashes of %s at %s', async (functionName, operation) => {
    const shift = await shiftOf(`crash-${functionName}-${operation}`.toLowerCase());
    const { amina, waiting, stateOf, tables } = shift;
    const socket = await connect(amina);
    await test.run.settled();
    faulty = { functionName, operation, times: 2 };
    socket.cut();
    await untilGone(shift);
    await clock.advance(grace + second);
    expect(faulty.times).toBe(0);
    expect(await stateOf(waiting)).toEqual(isWaiting);
    expect((await tables.read()).violations()).toEqual([]);
  });
});
