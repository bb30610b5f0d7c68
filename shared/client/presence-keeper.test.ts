import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Presence } from '../contract/schemas/presence.ts';
import type { CallRoute } from './http.ts';
import { NetworkError } from './network-error.ts';
import { PresenceKeeper } from './presence-keeper.ts';
import type { SenderOptions } from './sender.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const online = (userId: string): Presence => ({ userId, status: 'online' });
const offline = (userId: string): Presence => ({ userId, status: 'offline' });

/** A server of which the test answers what was asked and said, when it wants to. */
function keeperOn() {
  const asked: { readonly ids: readonly string[]; readonly answer: (users: readonly Presence[]) => void }[] = [];
  const said: { readonly status: string; readonly settle: (accepted: boolean) => void }[] = [];
  const told: { readonly users: readonly Presence[]; readonly absent: readonly string[] }[] = [];
  const errors: Error[] = [];
  const network = { isConnected: true };
  const call = ((_route: unknown, request: { query: { ids: string } }) =>
    new Promise((resolve) => {
      const answer = (users: readonly Presence[]): void => resolve({ ok: true, status: 200, body: { users } });
      asked.push({ ids: request.query.ids.split(','), answer });
    })) as unknown as CallRoute;
  const request = ((_action: unknown, { status }: { status: 'online' | 'away' }) =>
    new Promise((resolve, reject) => {
      const settle = (accepted: boolean): void => {
        if (accepted) resolve({ ok: true, data: { userId: 'me', status } });
        else reject(new NetworkError('closed'));
      };
      said.push({ status, settle });
    })) as unknown as SenderOptions['request'];
  const keeper = new PresenceKeeper({
    call,
    request,
    isConnected: () => network.isConnected,
    onPresence: (users, absent) => told.push({ users, absent }),
    onError: (error) => errors.push(error),
  });
  return { keeper, asked, said, told, errors, network };
}

/** Lets everything go on that waits for nothing else. */
const settled = () => vi.advanceTimersByTimeAsync(0);

describe('the own status', () => {
  it('is said one at a time, and the last one holds', async () => {
    const { keeper, said } = keeperOn();
    keeper.set('away');
    keeper.set('online');
    keeper.set('away');
    keeper.set('online');
    expect(said.map(({ status }) => status)).toEqual(['away']);
    said[0]?.settle(true);
    await settled();
    expect(said.map(({ status }) => status)).toEqual(['away', 'online']);
    said[1]?.settle(true);
    await settled();
    expect(said).toHaveLength(2);
    expect(keeper.own).toBe('online');
  });

  it('that changed while a greeting said another is said after it', async () => {
    const { keeper, said } = keeperOn();
    keeper.set('away');
    said[0]?.settle(true);
    await settled();
    keeper.greeted('away');
    expect(said).toHaveLength(1);
    keeper.greeted('online');
    expect(said.map(({ status }) => status)).toEqual(['away', 'away']);
  });

  it('waits without a connection for the greeting of the next', async () => {
    const { keeper, said, network } = keeperOn();
    network.isConnected = false;
    keeper.set('away');
    expect(said).toEqual([]);
    expect(keeper.own).toBe('away');
    network.isConnected = true;
    keeper.greeted('away');
    expect(said).toEqual([]);
  });

  it('whose answer is lost is said by the next greeting', async () => {
    const { keeper, said } = keeperOn();
    keeper.set('away');
    said[0]?.settle(false);
    await settled();
    expect(said).toHaveLength(1);
    keeper.greeted('online');
    expect(said).toHaveLength(2);
  });
});

describe('others', () => {
  it('are asked for by hundreds, each once', async () => {
    const { keeper, asked } = keeperOn();
    const ids = Array.from({ length: 150 }, (_, index) => `user ${index}`);
    const answer = keeper.of([...ids, ...ids]);
    asked[0]?.answer(ids.slice(0, 100).map(online));
    await settled();
    asked[1]?.answer(ids.slice(100).map(online));
    expect((await answer).map(({ userId }) => userId)).toEqual(ids);
    expect(asked.map((one) => one.ids.length)).toEqual([100, 50]);
  });

  it('are known by the push that overtook the answer', async () => {
    const { keeper, asked, told } = keeperOn();
    const answer = keeper.of(['bob', 'carol', 'nobody']);
    keeper.heard([offline('bob')]);
    asked[0]?.answer([online('bob'), online('carol')]);
    await answer;
    expect(told).toEqual([
      { users: [offline('bob')], absent: [] },
      { users: [online('carol')], absent: ['nobody'] },
    ]);
  });

  it('that are watched are asked for again after a time without a connection, and every five minutes', async () => {
    const { keeper, asked, network } = keeperOn();
    const stop = keeper.watch(['bob']);
    const stopOther = keeper.watch(['bob', 'carol']);
    expect(asked.map(({ ids }) => ids)).toEqual([['bob'], ['bob', 'carol']]);
    keeper.welcomed();
    expect(asked[2]?.ids).toEqual(['bob', 'carol']);
    stopOther();
    stopOther();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(asked[3]?.ids).toEqual(['bob']);
    network.isConnected = false;
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(asked).toHaveLength(4);
    network.isConnected = true;
    keeper.welcomed();
    expect(asked).toHaveLength(5);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    keeper.welcomed();
    expect(asked).toHaveLength(5);
    // Whoever looks at people after the end keeps no program going.
    keeper.close();
    keeper.watch(['bob'])();
    expect([asked.length, vi.getTimerCount()]).toEqual([5, 0]);
  });
});
