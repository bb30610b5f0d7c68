import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../harness.ts';
import { connect, conversationOf } from '../people.ts';
import type { Frame, RawSocket } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';
import type { Person } from '../system/world.ts';
import { ask, makeTenant, newcomer, recordedConnections } from './people-with-sockets.ts';

const minute = 60_000;

/** The connections' clock minus the functions' clock. */
let offset = -200 * minute;
let test: TestRun;
let tables: Tables;
let alice: Person;
let bob: Person;
let conversation: string;

beforeAll(async () => {
  test = await startTestRun({ connectionClock: () => Date.now() + offset });
  tables = new Tables(test.run);
  await makeTenant(test);
  [alice, bob] = await Promise.all([newcomer(test), newcomer(test)]);
  conversation = await conversationOf(test, alice, bob);
});

afterAll(() => test.stop());

function passTime(minutes: number): void {
  offset += minutes * minute;
}

async function send(text: string): Promise<void> {
  const body = { type: 'text', text, clientMessageId: ulid() };
  await ask(test, alice, 'POST', `/api/v1/conversations/${conversation}/messages`, body);
}

async function caughtUp(who: Person): Promise<readonly string[]> {
  const socket = await connect(test, who);
  await socket.request('hello', { resume: { [conversation]: 0 } });
  await socket.frame((frame) => frame.type === 'sync.page' && frame.data.complete === true);
  const events = socket.frames
    .filter((frame) => frame.type === 'sync.page')
    .flatMap((page) => page.data.events as Frame[]);
  await socket.close();
  return events.filter(({ type }) => type === 'message.created').map(({ data }) => data.text as string);
}

const isReconnect = (frame: Frame) => frame.type === 'reconnect';

describe('a connection', () => {
  let socket: RawSocket;

  it('is asked to reconnect in the answer to hello and after a ping', async () => {
    // For the functions, the connection is 200 minutes old.
    socket = await connect(test, bob);
    expect((await socket.request('hello', {})).data.limits.reconnectAfterMs).toBe(0);
    expect(socket.frames.filter(isReconnect)).toEqual([]);
    expect((await socket.request('ping', {})).type).toBe('pong');
    const { data } = (await socket.frame(isReconnect)) as { readonly data: { readonly afterMs: number } };
    expect(data.afterMs).toBeGreaterThanOrEqual(0);
    expect(data.afterMs).toBeLessThanOrEqual(30_000);
  });

  it('receives messages until it is closed', async () => {
    await send('meanwhile');
    await socket.frame((frame) => frame.type === 'message.created' && frame.data.text === 'meanwhile');
    await socket.close();
  });

  it('is not asked to reconnect while it is young', async () => {
    passTime(200);
    const young = await connect(test, bob);
    const { reconnectAfterMs } = (await young.request('hello', {})).data.limits;
    // A minute before the token expires.
    expect(reconnectAfterMs).toBeGreaterThan(5 * minute);
    expect(reconnectAfterMs).toBeLessThanOrEqual(14 * minute);
    expect((await young.request('ping', {})).type).toBe('pong');
    expect((await young.request('ping', {})).type).toBe('pong');
    expect(young.frames.filter(isReconnect)).toEqual([]);
    await young.close();
  });
});

describe('an idle or old connection', () => {
  it.each([
    ['after ten minutes of silence', () => passTime(10)],
    ['after two hours, however lively', () => passTime(120)],
  ])('is removed from the table, and its user catches up without a loss, when it ends %s', async (name, pass) => {
    const socket = await connect(test, bob);
    expect((await socket.request('ping', {})).type).toBe('pong');
    const before = await caughtUp(bob);
    const closed = socket.closed();
    pass();
    expect(await closed).toBe(1001);
    await test.run.settled();
    expect(await recordedConnections(tables, bob)).toEqual([]);
    await send(name);
    expect(await caughtUp(bob)).toEqual([...before, name]);
  });

  it('stays open while pings prevent the idle timeout', async () => {
    // Presence posts would reset a connection's idle timeout.
    const [lively, silent] = await Promise.all([connect(test, bob), connect(test, await newcomer(test))]);
    const ended = silent.closed();
    passTime(6);
    expect((await lively.request('ping', {})).type).toBe('pong');
    passTime(6);
    expect(await ended).toBe(1001);
    expect((await lively.request('ping', {})).type).toBe('pong');
    await lively.close();
  });
});
