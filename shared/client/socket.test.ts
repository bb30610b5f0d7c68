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
  const checkedCredentials: boolean[] = [];
  const credentials = vi.fn(async (checked: boolean): Promise<SocketCredentials> => {
    checkedCredentials.push(checked);
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
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const connect = async (limits = {}) => {
    socket.connect();
    await accept(limits);
  };
  const accept = async (limits = {}) => {
    await settle();
    latest().open();
    await settle();
    latest().answer('hello', 'welcome', welcome(limits));
    latest().push(syncPage([]));
    await settle();
  };
  return {
    socket,
    sockets,
    states,
    events,
    synchronised,
    errors,
    checkedCredentials,
    clock,
    latest,
    settle,
    connect,
    accept,
  };
}

describe('connecting', () => {
  it('sends the token in a subprotocol and a greeting with positions, and is connected after the welcome', async () => {
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

  it('uses a ticket after a rejected handshake, because the handshake hides the reason', async () => {
    const { socket, latest, settle, checkedCredentials, states, accept } = socketWith();
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
    expect(checkedCredentials).toEqual([false, true, false]);
  });

  it('waits longer after each failure, and restarts the waits with connect', async () => {
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

  it('counts a short connection as a failure, and a long connection as a success', async () => {
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

  it('gives up a handshake that the server does not answer', async () => {
    const { socket, latest, errors, settle } = socketWith();
    socket.connect();
    await settle();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(latest().closed).toBe(true);
    expect(errors).toMatchObject([{ failure: 'unreachable' }]);
  });

  it('waits for the time that the server names when it is too busy for a greeting', async () => {
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
  it('emits the events of all pages, and then completes', async () => {
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

  it('resumes in several rounds when there are more conversations than one greeting allows', async () => {
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

  it('is incomplete when a page is lost', async () => {
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

  it('does not delay the next connection when the connection ends', async () => {
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

describe('an action', () => {
  const newMessage = {
    conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW',
    type: 'text',
    text: 'Hello',
    clientMessageId: 'm',
  } as const;

  it('matches answers by their refs, in any order', async () => {
    const { socket, latest, connect } = socketWith();
    await connect();
    const [first, second] = [socket.request(messageSend, newMessage), socket.request(messageSend, newMessage)];
    const refs = latest()
      .sent.slice(-2)
      .map(({ ref }) => ref);
    latest().push({ type: 'ack', ref: refs[1], data: { seq: 2 } });
    latest().push({ type: 'error', ref: refs[0], problem: refusal(429, 'THROTTLED') });
    expect(await second).toEqual({ ok: true, data: { seq: 2 } });
    expect(await first).toMatchObject({ ok: false, problem: { code: 'THROTTLED' } });
  });

  it('fails when the connection is lost or missing', async () => {
    const { socket, latest, connect } = socketWith();
    await expect(socket.request(messageSend, newMessage)).rejects.toBeInstanceOf(NetworkError);
    await connect();
    const waiting = socket.request(messageSend, newMessage);
    latest().drop();
    await expect(waiting).rejects.toMatchObject({ failure: 'closed' });
  });

  it('fails and checks the connection when no answer comes in time', async () => {
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

  it('is rejected when the session has ended, and the socket reconnects', async () => {
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
  it('does not reconnect immediately when newer connections displaced it during the greeting', async () => {
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

  it('is pinged at the interval that the server names, and stays open while it answers', async () => {
    const { latest, connect, states } = socketWith();
    await connect({ pingEveryMs: 60_000 });
    for (let minute = 1; minute <= 5; minute += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      expect(latest().sent.filter(({ action }) => action === 'ping')).toHaveLength(minute);
      latest().answer('ping', 'pong', { serverTime: new Date().toISOString() });
    }
    expect(states).toEqual(['connecting', 'connected']);
  });

  it('is replaced when it does not answer a ping', async () => {
    const { sockets, latest, connect, states } = socketWith();
    await connect({ pingEveryMs: 60_000 });
    const first = latest();
    await vi.advanceTimersByTimeAsync(85_000);
    expect(first.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(2);
    expect(states).toEqual(['connecting', 'connected', 'disconnected', 'connecting']);
  });

  it('recovers lost events at each check when there are positions', async () => {
    const { socket, latest, connect, events, synchronised, settle } = socketWith({ positions: () => ({ c: 7 }) });
    await connect({ pingEveryMs: 60_000 });
    for (const check of [() => vi.advanceTimersByTimeAsync(60_000), () => Promise.resolve(socket.check())]) {
      await check();
      expect(latest().sent.at(-1)).toMatchObject({ action: 'hello', data: { resume: { c: 7 } } });
      latest().answer('hello', 'welcome', welcome());
      latest().push(syncPage([messageEvent('c', 8)]));
      await settle();
    }
    expect(events).toMatchObject([{ seq: 8 }, { seq: 8 }]);
    expect(synchronised).toEqual([true, true, true]);
  });

  it('is replaced when it answers neither a greeting nor a ping', async () => {
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

  it('is replaced before the server ends it, and stays open until its replacement is connected', async () => {
    const { sockets, connect, accept, states, events } = socketWith();
    await connect({ reconnectAfterMs: 6_000_000, pingEveryMs: 2 * hour });
    const [first] = sockets;
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

  it('receives outstanding answers after it is replaced', async () => {
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

  it('is replaced before its credentials expire, even if the server would keep it longer', async () => {
    const credentials = (): Promise<SocketCredentials> =>
      Promise.resolve({ via: 'bearer', value: 't', expiresAt: Date.now() + 600_000 });
    const { sockets, connect } = socketWith({ credentials });
    await connect({ pingEveryMs: hour });
    await vi.advanceTimersByTimeAsync(512_999);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(2);
  });

  it('stays open for a minimum time when the server asks for an immediate replacement', async () => {
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

  it('stays open when its replacement fails, and is replaced later', async () => {
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

  it('announces the user’s status with each greeting, and emits the presence of others', async () => {
    let status: 'online' | 'away' = 'online';
    const { socket, latest, connect, settle } = socketWith({ positions: () => ({ c: 7 }), status: () => status });
    const announced: string[] = [];
    const presences: unknown[] = [];
    socket.on('greeted', (each) => announced.push(each));
    socket.on('presence', (users) => presences.push(users));
    await connect({ pingEveryMs: 60_000 });
    expect(latest().sent[0]?.data).not.toHaveProperty('status');
    status = 'away';
    await vi.advanceTimersByTimeAsync(60_000);
    expect(latest().sent.at(-1)).toMatchObject({ action: 'hello', data: { status: 'away' } });
    status = 'online';
    latest().answer('hello', 'welcome', welcome());
    await settle();
    expect(announced).toEqual(['online', 'away']);
    const bob = { userId: 'bob', status: 'offline', lastSeenAt: '2026-11-21T09:00:00.000Z' };
    latest().push({ type: 'presence.changed', data: { users: [bob, { userId: 'carol', status: 'dancing' }, null] } });
    latest().push({ type: 'presence.changed', data: {} });
    expect(presences).toEqual([[bob]]);
  });

  it('ignores invalid frames', async () => {
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

  it('does not reconnect after it is closed', async () => {
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

  it('has no timer after it is closed while it catches up', async () => {
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

  it('does not open after it is closed during the handshake', async () => {
    const { socket, latest, settle, states } = socketWith();
    socket.connect();
    await settle();
    socket.close();
    await settle();
    expect(latest().closed).toBe(true);
    expect(states).toEqual(['connecting', 'ended']);
  });
});
