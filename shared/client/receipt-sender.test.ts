import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import { refusal } from './http-test-builders.ts';
import { NetworkError } from './network-error.ts';
import { OutboxKeeper } from './outbox-keeper.ts';
import { memoryOutbox, type OutboxStorage } from './outbox-storage.ts';
import { ReceiptSender } from './receipt-sender.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Marks = { readonly deliveredSeq?: number; readonly readSeq?: number };

/** A device, and how far the server knows that each conversation was read and delivered. */
function deviceOn(storage?: OutboxStorage) {
  const server = { read: 0, delivered: 0 };
  const told: Marks[] = [];
  const network: { failure: (() => Error) | undefined } = { failure: undefined };
  const sender = new ReceiptSender({
    send: async (conversationId, marks) => {
      told.push(marks);
      if (network.failure !== undefined) throw network.failure();
      server.read = Math.max(server.read, marks.readSeq ?? 0);
      server.delivered = Math.max(server.delivered, server.read, marks.deliveredSeq ?? 0);
      return {
        conversationId,
        readSeq: server.read,
        deliveredSeq: server.delivered,
        unreadCount: 0,
        lastSeq: server.read,
      };
    },
    onState: () => undefined,
    ...(storage === undefined ? {} : { keeper: new OutboxKeeper(storage, () => undefined) }),
  });
  return { sender, server, told, network };
}

const offline = (): Error => new NetworkError('unreachable');
const refused = (problem: ProblemBody) => (): Error => new RefusedError(problem);

describe('what was read', () => {
  it('is told at most once a second, by its highest number', async () => {
    const { sender, told } = deviceOn();
    for (let seq = 1; seq <= 50; seq += 1) {
      sender.read('c', seq);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.runAllTimersAsync();
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.at(-1)).toEqual({ readSeq: 50 });
  });

  it('is told once there is a connection, and not again', async () => {
    const { sender, told, network, server } = deviceOn();
    network.failure = offline;
    sender.read('c', 7);
    await vi.advanceTimersByTimeAsync(1_000);
    const before = told.length;
    network.failure = undefined;
    sender.wake();
    sender.wake();
    await vi.runAllTimersAsync();
    expect([told.length, server.read]).toEqual([before + 1, 7]);
    sender.wake();
    await vi.runAllTimersAsync();
    expect(told).toHaveLength(before + 1);
  });

  it('waits as long as the server says, also if the connection comes back or more is read meanwhile', async () => {
    const { sender, told, network } = deviceOn();
    network.failure = refused(refusal(429, 'THROTTLED', { retryable: true, retryAfterMs: 20_000 }));
    sender.read('c', 7);
    await vi.advanceTimersByTimeAsync(0);
    network.failure = undefined;
    sender.wake();
    sender.read('c', 8);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(told).toEqual([{ readSeq: 7 }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([{ readSeq: 7 }, { readSeq: 8 }]);
  });

  it('that was refused for good is not said again; what the session cannot say now is', async () => {
    const gone = deviceOn();
    gone.network.failure = refused(refusal(404, 'NOT_FOUND'));
    gone.sender.read('c', 7);
    await vi.runAllTimersAsync();
    gone.sender.wake();
    await vi.runAllTimersAsync();
    expect(gone.told).toHaveLength(1);

    const { sender, network, server } = deviceOn();
    network.failure = () => new SessionEndedError();
    sender.read('c', 7);
    await vi.advanceTimersByTimeAsync(1_000);
    network.failure = undefined;
    sender.wake();
    await vi.runAllTimersAsync();
    expect(server.read).toBe(7);
  });
});

describe('with a storage', () => {
  it('is told after the end of the program, if it was not before', async () => {
    const storage = memoryOutbox();
    const before = deviceOn(storage);
    before.network.failure = offline;
    before.sender.read('c', 5);
    before.sender.read('c', 7);
    before.sender.read('c', 6);
    before.sender.delivered('c', 9);
    await vi.advanceTimersByTimeAsync(2_000);
    await before.sender.close();

    const after = deviceOn(storage);
    await vi.runAllTimersAsync();
    expect(after.server).toEqual({ read: 7, delivered: 9 });
    expect(await storage.load()).toEqual([]);
  });

  it('is there when the program ends at once, and goes when it was told', async () => {
    const storage = memoryOutbox();
    const before = deviceOn(storage);
    before.sender.read('c', 5);
    await before.sender.close();
    expect(before.told).toEqual([]);
    expect(await storage.load()).toMatchObject([{ conversationId: 'c', receipt: { readSeq: 5 } }]);
    const after = deviceOn(storage);
    after.sender.read('c', 4);
    await vi.runAllTimersAsync();
    expect(after.server.read).toBe(5);
    expect(await storage.load()).toEqual([]);
  });

  it('takes the highest of what several programs left, and what is read anew goes beyond it', async () => {
    const storage = memoryOutbox();
    for (const seq of [9, 3]) {
      const { sender } = deviceOn(storage);
      sender.read('c', seq);
      await sender.close();
    }
    expect(await storage.load()).toHaveLength(2);
    const { sender, server, network, told } = deviceOn(storage);
    network.failure = offline;
    await vi.advanceTimersByTimeAsync(1_000);
    sender.read('c', 4);
    network.failure = undefined;
    sender.wake();
    await vi.runAllTimersAsync();
    expect(server.read).toBe(9);
    expect(told.every(({ readSeq }) => readSeq === 9)).toBe(true);
    expect(await storage.load()).toEqual([]);
  });

  it('is given up by a mark as unread', async () => {
    const storage = memoryOutbox();
    const { sender, network } = deviceOn(storage);
    network.failure = offline;
    sender.read('c', 7);
    await vi.advanceTimersByTimeAsync(1_000);
    sender.reset('c');
    await sender.close();
    expect(await storage.load()).toEqual([]);
  });
});

describe('a receipt that cannot be sent', () => {
  it('is rejected at once when its number is not valid, and does not block others', async () => {
    const { sender, told } = deviceOn();
    for (const seq of [Number.NaN, Infinity, 1.5, '7' as unknown as number, undefined as unknown as number]) {
      expect(() => sender.read('c', seq)).toThrow(TypeError);
      expect(() => sender.delivered('c', seq)).toThrow(TypeError);
    }
    sender.read('c', 7);
    await vi.runAllTimersAsync();
    expect(told).toEqual([{ readSeq: 7 }]);
  });

  it.each<[string, () => Error]>([
    ['refused', refused(refusal(422, 'VALIDATION_FAILED'))],
    ['impossible', () => new TypeError('The path needs the parameter conversationId')],
  ])('is not retried when it is %s, and lower numbers are sent', async (_what, failure) => {
    const { sender, told, network } = deviceOn();
    network.failure = failure;
    sender.read('c', 1_000_000);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(told).toEqual([{ readSeq: 1_000_000 }]);
    network.failure = undefined;
    sender.read('c', 7);
    await vi.runAllTimersAsync();
    expect(told.at(-1)).toEqual({ readSeq: 7 });
  });

  it('does not wait for a clock that was set back to catch up', async () => {
    const { sender, told } = deviceOn();
    sender.read('c', 1);
    await vi.advanceTimersByTimeAsync(10);
    vi.setSystemTime(Date.now() - 86_400_000);
    sender.read('c', 2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.at(-1)).toEqual({ readSeq: 2 });
  });
});
