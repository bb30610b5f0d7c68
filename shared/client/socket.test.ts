import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messageSend } from '../contract/messages/message-send.ts';
import { refusal } from './http-test-builders.ts';
import { NetworkError } from './network-error.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createServerClock } from './server-clock.ts';
import type { ServerEvent } from './server-event.ts';
import { Socket, type SocketCredentials, type SocketOptions } from './socket.ts';
import { type FakeWebSocket, fakeWebSockets, messageEvent, syncPage, welcome } from './socket-test-builders.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const hour = 3_600_000;

function socketWith(options: Partial<SocketOptions> = {}) {
  const { sockets, WebSocket } = fakeWebSockets();
  const asked: boolean[] = [];
  const credentials = vi.fn(async (checked: boolean): Promise<SocketCredentials> => {
    asked.push(checked);
    const expiresAt = Date.now() + 2 * hour;
    return checked ? { via: 'ticket', value: 'ticket-1', expiresAt } : { via: 'bearer', value: 'token-1', expiresAt };
  });
  const clock = createServerClock();
  const socket = new Socket({
    url: 'wss://chat.test/ws',
    credentials,
    positions: () => ({}),
    clock,
    WebSocket,
    random: () => 1,
    ...options,
  });
  const states: string[] = [];
  const events: ServerEvent[] = [];
  const synchronised: boolean[] = [];
  const errors: Error[] = [];
  socket.on('state', (state) => states.push(state));
  socket.on('event', (event) => events.push(event));
  socket.on('synchronised', ({ complete }) => synchronised.push(complete));
  socket.on('error', (error) => errors.push(error));
  const latest = (): FakeWebSocket => {
    const last = sockets.at(-1);
    if (last === undefined) throw new Error('There is no connection');
    return last;
  };
  /** Lets what was begun come to the point where it waits for the other end. */
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const connect = async (limits = {}) => {
    socket.connect();
    await accept(limits);
  };
  /** The other end accepts the handshake and the greeting. */
  const accept = async (limits = {}) => {
    await settle();
    latest().open();
    await settle();
    latest().answer('hello', 'welcome', welcome(limits));
    latest().push(syncPage([]));
    await settle();
  };
  return { socket, sockets, states, events, synchronised, errors, asked, clock, latest, settle, connect, accept };
}

describe('connecting', () => {
  it('shows the token in a subprotocol, says hello with its positions, and is connected once welcome', async () => {
    const { socket, states, latest, settle, connect } = socketWith({ positions: () => ({ c: 41 }) });
    socket.connect();
    await settle();
    expect(latest()).toMatchObject({ url: 'wss://chat.test/ws', protocols: ['switchboard', 'bearer.token-1'] });
    expect(states).toEqual(['connecting']);
    latest().open();
    await settle();
    expect(latest().sent).toMatchObject([{ action: 'hello', data: { resume: { c: 41 } } }]);
    expect(states).toEqual(['connecting']);
    latest().answer('hello', 'welcome', welcome());
    await settle();
    expect(states).toEqual(['connecting', 'connected']);
    await connect();
  });

  it('takes a ticket after a refused handshake, which tells no reason', async () => {
    const { socket, latest, settle, asked, states, accept } = socketWith();
    socket.connect();
    await settle();
    latest().drop();
    await settle();
    expect(states).toEqual(['connecting', 'disconnected']);
    await vi.advanceTimersByTimeAsync(500);
    expect(latest()).toMatchObject({ url: 'wss://chat.test/ws?ticket=ticket-1', protocols: ['switchboard'] });
    await accept();
    latest().drop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([false, true, false]);
  });

  it('waits longer after each failure, and begins anew when asked to', async () => {
    const { socket, sockets, latest, settle } = socketWith();
    socket.connect();
    await settle();
    for (const waitMs of [500, 1000, 2000, 4000]) {
      latest().drop();
      const count = sockets.length;
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(sockets).toHaveLength(count);
      await vi.advanceTimersByTimeAsync(1);
      expect(sockets).toHaveLength(count + 1);
    }
    latest().drop();
    await settle();
    const count = sockets.length;
    socket.connect();
    await settle();
    expect(sockets).toHaveLength(count + 1);
    latest().drop();
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(count + 2);
  });

  it('counts a connection that was soon lost as a failure, and one that held as a success', async () => {
    const { sockets, latest, connect, accept } = socketWith();
    await connect();
    latest().drop();
    await vi.advanceTimersByTimeAsync(500);
    await accept();
    latest().drop();
    await vi.advanceTimersByTimeAsync(999);
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    await accept();
    await vi.advanceTimersByTimeAsync(10_000);
    latest().drop();
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(4);
  });

  it('gives up a handshake that nobody answers', async () => {
    const { socket, latest, errors, settle } = socketWith();
    socket.connect();
    await settle();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(latest().closed).toBe(true);
    expect(errors).toMatchObject([{ failure: 'unreachable' }]);
  });

  it('waits as long as the server says when it is too busy to welcome', async () => {
    const { socket, sockets, latest, settle, errors } = socketWith();
    socket.connect();
    await settle();
    latest().open();
    await settle();
    latest().refuse('hello', refusal(503, 'SERVICE_BUSY', { retryable: true, retryAfterMs: 7000 }));
    await vi.advanceTimersByTimeAsync(6999);
    expect(errors[0]).toBeInstanceOf(RefusedError);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(2);
  });

  it('ends when the session is over', async () => {
    const credentials = () => Promise.reject(new SessionEndedError());
    const { socket, sockets, states, errors } = socketWith({ credentials });
    socket.connect();
    await vi.advanceTimersByTimeAsync(hour);
    expect(states).toEqual(['connecting', 'ended']);
    expect(sockets).toHaveLength(0);
    expect(errors).toEqual([]);
  });

  it('learns the server’s time', async () => {
    const { connect, clock, latest, socket, settle } = socketWith();
    socket.connect();
    await settle();
    latest().open();
    await settle();
    latest().answer('hello', 'welcome', { ...welcome(), serverTime: new Date(Date.now() + hour).toISOString() });
    await settle();
    expect(Math.abs(clock.now() - Date.now() - hour)).toBeLessThan(5);
    await connect();
  });
});

describe('catching up', () => {
  it('hands over the events of all pages, and says that it is complete', async () => {
    const { socket, latest, settle, events, synchronised } = socketWith({ positions: () => ({ c: 1 }) });
    socket.connect();
    await settle();
    latest().open();
    await settle();
    latest().answer('hello', 'welcome', welcome());
    latest().push(syncPage([messageEvent('c', 2), messageEvent('c', 3)], false));
    await settle();
    expect(synchronised).toEqual([]);
    latest().push(messageEvent('c', 5));
    latest().push(syncPage([messageEvent('c', 4)]));
    await settle();
    expect(events.map((event) => 'seq' in event && event.seq)).toEqual([2, 3, 5, 4]);
    expect(synchronised).toEqual([true]);
  });

  it('asks in several rounds for more conversations than one hello takes', async () => {
    const positions = Object.fromEntries(Array.from({ length: 450 }, (_, index) => [`c${index}`, index]));
    const { socket, latest, settle, synchronised } = socketWith({ positions: () => positions });
    socket.connect();
    await settle();
    latest().open();
    for (const round of [1, 2, 3]) {
      await settle();
      expect(latest().sent).toHaveLength(round);
      expect(synchronised).toEqual([]);
      latest().answer('hello', 'welcome', welcome());
      latest().push(syncPage([]));
    }
    await settle();
    const resumed = latest().sent.map(({ data }) => data['resume'] as object);
    expect(resumed.map((each) => Object.keys(each).length)).toEqual([200, 200, 50]);
    expect(Object.assign({}, ...resumed)).toEqual(positions);
    expect(synchronised).toEqual([true]);
  });

  it('is not complete when a page does not come', async () => {
    const { socket, latest, settle, synchronised } = socketWith();
    socket.connect();
    await settle();
    latest().open();
    await settle();
    latest().answer('hello', 'welcome', welcome());
    latest().push(syncPage([messageEvent('c', 2)], false));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(synchronised).toEqual([false]);
  });

  it('that is cut off does not keep the next connection waiting', async () => {
    const { socket, latest, settle, synchronised, states, accept } = socketWith();
    socket.connect();
    await settle();
    latest().open();
    await settle();
    latest().answer('hello', 'welcome', welcome());
    await settle();
    latest().drop();
    await vi.advanceTimersByTimeAsync(500);
    await accept();
    expect(states).toEqual(['connecting', 'connected', 'disconnected', 'connecting', 'connected']);
    expect(synchronised).toEqual([true]);
  });
});

describe('actions', () => {
  const newMessage = {
    conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW',
    type: 'text',
    text: 'Hello',
    clientMessageId: 'm',
  } as const;

  it('are answered by their refs, in whatever order', async () => {
    const { socket, latest, connect } = socketWith();
    await connect();
    const [one, two] = [socket.request(messageSend, newMessage), socket.request(messageSend, newMessage)];
    const refs = latest()
      .sent.slice(-2)
      .map(({ ref }) => ref);
    latest().push({ type: 'ack', ref: refs[1], data: { seq: 2 } });
    latest().push({ type: 'error', ref: refs[0], problem: refusal(429, 'THROTTLED') });
    expect(await two).toEqual({ ok: true, data: { seq: 2 } });
    expect(await one).toMatchObject({ ok: false, problem: { code: 'THROTTLED' } });
  });

  it('fail when the connection is lost, and when there is none', async () => {
    const { socket, latest, connect } = socketWith();
    await expect(socket.request(messageSend, newMessage)).rejects.toBeInstanceOf(NetworkError);
    await connect();
    const waiting = socket.request(messageSend, newMessage);
    latest().drop();
    await expect(waiting).rejects.toMatchObject({ failure: 'closed' });
  });

  it('that are not answered in time fail, and have the connection examined', async () => {
    const { socket, latest, connect, states } = socketWith();
    await connect();
    const waiting = socket.request(messageSend, newMessage);
    const failed = expect(waiting).rejects.toMatchObject({ failure: 'timeout' });
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
    expect(latest().sent.at(-1)).toMatchObject({ action: 'ping' });
    await vi.advanceTimersByTimeAsync(25_000);
    expect(states.slice(0, 3)).toEqual(['connecting', 'connected', 'disconnected']);
  });

  it('whose session has ended are refused, and a new connection is made', async () => {
    const { socket, sockets, latest, connect } = socketWith();
    await connect();
    const waiting = socket.request(messageSend, newMessage);
    latest().refuse('message.send', refusal(401, 'SESSION_ENDED'));
    expect(await waiting).toMatchObject({ ok: false, problem: { code: 'SESSION_ENDED' } });
    expect(latest().closed).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(2);
  });
});

describe('a connection', () => {
  it('does not reconnect at once when newer connections caused the refusal of its greeting', async () => {
    const { socket, sockets, latest, settle } = socketWith();
    socket.connect();
    await settle();
    latest().open();
    await settle();
    latest().refuse('hello', refusal(429, 'TOO_MANY_CONNECTIONS', { retryable: true, retryAfterMs: 300_000 }));
    await vi.advanceTimersByTimeAsync(299_999);
    expect(sockets).toHaveLength(1);
  });

  it('reconnects after a displacement when the server allows it or the user asks', async () => {
    const { socket, sockets, latest, connect, states, errors } = socketWith();
    await connect();
    const problem = { ...refusal(429, 'TOO_MANY_CONNECTIONS'), retryable: true, retryAfterMs: 300_000 };
    latest().push({ type: 'error', problem });
    latest().drop();
    expect(errors).toMatchObject([{ problem: { code: 'TOO_MANY_CONNECTIONS' } }]);
    await vi.advanceTimersByTimeAsync(299_000);
    expect(sockets).toHaveLength(1);
    expect(states.at(-1)).toBe('disconnected');
    socket.check();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(2);
  });

  it('is pinged as often as the server says, and lives while it answers', async () => {
    const { latest, connect, states } = socketWith();
    await connect({ pingEveryMs: 60_000 });
    for (let minute = 1; minute <= 5; minute += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      expect(latest().sent.filter(({ action }) => action === 'ping')).toHaveLength(minute);
      latest().answer('ping', 'pong', { serverTime: new Date().toISOString() });
    }
    expect(states).toEqual(['connecting', 'connected']);
  });

  it('that does not answer a ping is dead: another one is made', async () => {
    const { sockets, latest, connect, states } = socketWith();
    await connect({ pingEveryMs: 60_000 });
    const first = latest();
    await vi.advanceTimersByTimeAsync(85_000);
    expect(first.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(2);
    expect(states).toEqual(['connecting', 'connected', 'disconnected', 'connecting']);
  });

  it('asks at each ping for what was pushed and lost, where there are positions', async () => {
    const { socket, latest, connect, events, synchronised, settle } = socketWith({ positions: () => ({ c: 7 }) });
    await connect({ pingEveryMs: 60_000 });
    for (const look of [() => vi.advanceTimersByTimeAsync(60_000), () => Promise.resolve(socket.check())]) {
      await look();
      expect(latest().sent.at(-1)).toMatchObject({ action: 'hello', data: { resume: { c: 7 } } });
      latest().answer('hello', 'welcome', welcome());
      latest().push(syncPage([messageEvent('c', 8)]));
      await settle();
    }
    expect(events).toMatchObject([{ seq: 8 }, { seq: 8 }]);
    expect(synchronised).toEqual([true, true, true]);
  });

  it('that answers neither a greeting nor a ping is dead', async () => {
    const { sockets, latest, connect, synchronised } = socketWith({ positions: () => ({ c: 7 }) });
    await connect({ pingEveryMs: 60_000 });
    const first = latest();
    await vi.advanceTimersByTimeAsync(60_000 + 10_000 + 25_000);
    expect(first.sent.map(({ action }) => action)).toEqual(['hello', 'hello', 'ping']);
    expect(first.closed).toBe(true);
    expect(synchronised).toEqual([true]);
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(2);
  });

  it('is replaced before it has to be, and the old one stays until the new one is welcome', async () => {
    const { sockets, connect, accept, states, events } = socketWith();
    await connect({ reconnectAfterMs: 6_000_000, pingEveryMs: 2 * hour });
    const [first] = sockets;
    // The time is drawn between 90 % and all of it; here the earliest.
    await vi.advanceTimersByTimeAsync(5_400_000 - 1);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(2);
    first?.push(messageEvent('c', 1));
    expect(events).toHaveLength(1);
    expect(first?.closed).toBe(false);
    await accept();
    expect(first?.closed).toBe(true);
    expect(states).toEqual(['connecting', 'connected']);
  });

  it('that is replaced still gets the answers it waits for', async () => {
    const { socket, sockets, connect, accept } = socketWith();
    await connect({ reconnectAfterMs: 100_000 });
    const [first] = sockets;
    await vi.advanceTimersByTimeAsync(89_000);
    const waiting = socket.request(messageSend, {
      conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW',
      type: 'text',
      text: 'Hello',
      clientMessageId: 'm',
    });
    await vi.advanceTimersByTimeAsync(1000);
    await accept();
    expect(first?.closed).toBe(false);
    first?.answer('message.send', 'ack', { seq: 1 });
    expect(await waiting).toEqual({ ok: true, data: { seq: 1 } });
    expect(first?.closed).toBe(true);
  });

  it('is replaced before its credentials expire, however long the server would keep it', async () => {
    const credentials = (): Promise<SocketCredentials> =>
      Promise.resolve({ via: 'bearer', value: 't', expiresAt: Date.now() + 600_000 });
    const { sockets, connect } = socketWith({ credentials });
    await connect({ pingEveryMs: hour });
    await vi.advanceTimersByTimeAsync(512_999);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(2);
  });

  it('is not replaced in a hurry over and over when the server wants it replaced at once', async () => {
    const { sockets, connect } = socketWith();
    await connect({ reconnectAfterMs: 0 });
    await vi.advanceTimersByTimeAsync(8_000);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sockets).toHaveLength(2);
  });

  it('is replaced when the server asks for it', async () => {
    const { sockets, latest, connect } = socketWith();
    await connect();
    latest().push({ type: 'reconnect', data: { afterMs: 30_000 } });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sockets).toHaveLength(2);
  });

  it('whose replacement fails is kept, and replaced later', async () => {
    const { sockets, latest, connect, states, accept } = socketWith();
    await connect({ reconnectAfterMs: 100_000 });
    const [first] = sockets;
    await vi.advanceTimersByTimeAsync(90_000);
    latest().drop();
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(3);
    expect(first?.closed).toBe(false);
    await accept();
    expect(first?.closed).toBe(true);
    expect(states).toEqual(['connecting', 'connected']);
  });

  it('says at each greeting whether the user is there, and tells who else is', async () => {
    let status: 'online' | 'away' = 'online';
    const { socket, latest, connect, settle } = socketWith({ positions: () => ({ c: 7 }), status: () => status });
    const said: string[] = [];
    const told: unknown[] = [];
    socket.on('greeted', (each) => said.push(each));
    socket.on('presence', (users) => told.push(users));
    await connect({ pingEveryMs: 60_000 });
    expect(latest().sent[0]?.data).not.toHaveProperty('status');
    status = 'away';
    await vi.advanceTimersByTimeAsync(60_000);
    expect(latest().sent.at(-1)).toMatchObject({ action: 'hello', data: { status: 'away' } });
    status = 'online';
    latest().answer('hello', 'welcome', welcome());
    await settle();
    // What was said, not what it is by now.
    expect(said).toEqual(['online', 'away']);
    const bob = { userId: 'bob', status: 'offline', lastSeenAt: '2026-11-21T09:00:00.000Z' };
    latest().push({ type: 'presence.changed', data: { users: [bob, { userId: 'carol', status: 'dancing' }, null] } });
    latest().push({ type: 'presence.changed', data: {} });
    expect(told).toEqual([[bob]]);
  });

  it('survives frames that are nonsense', async () => {
    const { latest, connect, states, events } = socketWith();
    await connect();
    for (const frame of [
      '{',
      '[]',
      'null',
      { type: 7 },
      { v: 1, type: 'message.created' },
      { type: 'ack', ref: 'x' },
    ]) {
      latest().push(frame);
    }
    latest().push({ v: 1, type: 'novelty.invented', conversationId: 'c', seq: 9, at: 'now', data: {} });
    expect(states.at(-1)).toBe('connected');
    expect(events).toMatchObject([{ type: 'unknown', name: 'novelty.invented', seq: 9 }]);
  });

  it('that is closed stays closed', async () => {
    const { socket, sockets, latest, connect, states } = socketWith();
    await connect();
    socket.close();
    expect(latest().closed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    socket.connect();
    await vi.advanceTimersByTimeAsync(hour);
    expect(sockets).toHaveLength(1);
    expect(states.at(-1)).toBe('ended');
  });

  it('that is closed while it catches up waits for nothing', async () => {
    const { socket, latest, settle } = socketWith();
    socket.connect();
    await settle();
    latest().open();
    await settle();
    latest().answer('hello', 'welcome', welcome());
    await settle();
    socket.close();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that is closed on its way is not made', async () => {
    const { socket, latest, settle, states } = socketWith();
    socket.connect();
    await settle();
    socket.close();
    await settle();
    expect(latest().closed).toBe(true);
    expect(states).toEqual(['connecting', 'ended']);
  });
});
