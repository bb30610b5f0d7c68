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

function keeperOn() {
  const requests: { readonly ids: readonly string[]; readonly answer: (users: readonly Presence[]) => void }[] = [];
  const announced: { readonly status: string; readonly settle: (accepted: boolean) => void }[] = [];
  const received: { readonly users: readonly Presence[]; readonly hidden: readonly string[] }[] = [];
  const errors: Error[] = [];
  const network = { isConnected: true };
  const call = ((_route: unknown, request: { query: { ids: string } }) =>
    new Promise((resolve) => {
      const answer = (users: readonly Presence[]): void => resolve({ ok: true, status: 200, body: { users } });
      requests.push({ ids: request.query.ids.split(','), answer });
    })) as unknown as CallRoute;
  const request = ((_action: unknown, { status }: { status: 'online' | 'away' }) =>
    new Promise((resolve, reject) => {
      const settle = (accepted: boolean): void => {
        if (accepted) resolve({ ok: true, data: { userId: 'me', status } });
        else reject(new NetworkError('closed'));
      };
      announced.push({ status, settle });
    })) as unknown as SenderOptions['request'];
  const keeper = new PresenceKeeper({
    call,
    request,
    isConnected: () => network.isConnected,
    onPresence: (users, hidden) => received.push({ users, hidden }),
    onError: (error) => errors.push(error),
  });
  return { keeper, requests, announced, received, errors, network };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe('the user’s status', () => {
  it('is announced one value at a time, and the last one wins', async () => {
    const { keeper, announced } = keeperOn();
    keeper.set('away');
    keeper.set('online');
    keeper.set('away');
    keeper.set('online');
    expect(announced.map(({ status }) => status)).toEqual(['away']);
    announced[0]?.settle(true);
    await settled();
    expect(announced.map(({ status }) => status)).toEqual(['away', 'online']);
    announced[1]?.settle(true);
    await settled();
    expect(announced).toHaveLength(2);
    expect(keeper.own).toBe('online');
  });

  it('is announced again when a greeting announced an older one', async () => {
    const { keeper, announced } = keeperOn();
    keeper.set('away');
    announced[0]?.settle(true);
    await settled();
    keeper.greeted('away');
    expect(announced).toHaveLength(1);
    keeper.greeted('online');
    expect(announced.map(({ status }) => status)).toEqual(['away', 'away']);
  });

  it('waits for the next greeting while disconnected', async () => {
    const { keeper, announced, network } = keeperOn();
    network.isConnected = false;
    keeper.set('away');
    expect(announced).toEqual([]);
    expect(keeper.own).toBe('away');
    network.isConnected = true;
    keeper.greeted('away');
    expect(announced).toEqual([]);
  });

  it('is announced again after the next greeting when its answer is lost', async () => {
    const { keeper, announced } = keeperOn();
    keeper.set('away');
    announced[0]?.settle(false);
    await settled();
    expect(announced).toHaveLength(1);
    keeper.greeted('online');
    expect(announced).toHaveLength(2);
  });
});

describe('the presence of others', () => {
  it('is fetched once per user, for up to 100 users at once', async () => {
    const { keeper, requests } = keeperOn();
    const ids = Array.from({ length: 150 }, (_, index) => `user ${index}`);
    const answer = keeper.of([...ids, ...ids]);
    requests[0]?.answer(ids.slice(0, 100).map(online));
    await settled();
    requests[1]?.answer(ids.slice(100).map(online));
    expect((await answer).map(({ userId }) => userId)).toEqual(ids);
    expect(requests.map(({ ids: requested }) => requested.length)).toEqual([100, 50]);
  });

  it('is not replaced by an answer that a server event overtook', async () => {
    const { keeper, requests, received } = keeperOn();
    const answer = keeper.of(['bob', 'carol', 'dave']);
    keeper.receive([offline('bob')]);
    requests[0]?.answer([online('bob'), online('carol')]);
    await answer;
    expect(received).toEqual([
      { users: [offline('bob')], hidden: [] },
      { users: [online('carol')], hidden: ['dave'] },
    ]);
  });

  it('is fetched again after a reconnect and every five minutes while it is watched', async () => {
    const { keeper, requests, network } = keeperOn();
    const stop = keeper.watch(['bob']);
    const stopOther = keeper.watch(['bob', 'carol']);
    expect(requests.map(({ ids }) => ids)).toEqual([['bob'], ['bob', 'carol']]);
    keeper.connected();
    expect(requests[2]?.ids).toEqual(['bob', 'carol']);
    stopOther();
    stopOther();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(requests[3]?.ids).toEqual(['bob']);
    network.isConnected = false;
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(requests).toHaveLength(4);
    network.isConnected = true;
    keeper.connected();
    expect(requests).toHaveLength(5);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    keeper.connected();
    expect(requests).toHaveLength(5);
    keeper.close();
    keeper.watch(['bob'])();
    expect([requests.length, vi.getTimerCount()]).toEqual([5, 0]);
  });
});
