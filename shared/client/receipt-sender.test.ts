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

type SentWatermarks = { readonly deliveredSeq?: number; readonly readSeq?: number };

function deviceOn(storage?: OutboxStorage) {
  const server = { read: 0, delivered: 0 };
  const sent: SentWatermarks[] = [];
  const network: { failure: (() => Error) | undefined } = { failure: undefined };
  const sender = new ReceiptSender({
    send: async (conversationId, watermarks) => {
      sent.push(watermarks);
      if (network.failure !== undefined) throw network.failure();
      server.read = Math.max(server.read, watermarks.readSeq ?? 0);
      server.delivered = Math.max(server.delivered, server.read, watermarks.deliveredSeq ?? 0);
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
  return { sender, server, sent, network };
}

const offline = (): Error => new NetworkError('unreachable');
const refused = (problem: ProblemBody) => (): Error => new RefusedError(problem);

describe('a read receipt', () => {
  it('is sent at most once a second, with the highest seq', async () => {
    const { sender, sent } = deviceOn();
    for (let seq = 1; seq <= 50; seq += 1) {
      sender.read('c', seq);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.runAllTimersAsync();
    expect(sent.length).toBeLessThanOrEqual(6);
    expect(sent.at(-1)).toEqual({ readSeq: 50 });
  });

  it('is sent once when the connection is back', async () => {
    const { sender, sent, network, server } = deviceOn();
    network.failure = offline;
    sender.read('c', 7);
    await vi.advanceTimersByTimeAsync(1_000);
    const before = sent.length;
    network.failure = undefined;
    sender.wake();
    sender.wake();
    await vi.runAllTimersAsync();
    expect([sent.length, server.read]).toEqual([before + 1, 7]);
    sender.wake();
    await vi.runAllTimersAsync();
    expect(sent).toHaveLength(before + 1);
  });

  it('waits for the time that the server names, even if the connection comes back or the user reads more', async () => {
    const { sender, sent, network } = deviceOn();
    network.failure = refused(refusal(429, 'THROTTLED', { retryable: true, retryAfterMs: 20_000 }));
    sender.read('c', 7);
    await vi.advanceTimersByTimeAsync(0);
    network.failure = undefined;
    sender.wake();
    sender.read('c', 8);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(sent).toEqual([{ readSeq: 7 }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([{ readSeq: 7 }, { readSeq: 8 }]);
  });

  it('is retried after the session ended, but not after a final rejection', async () => {
    const gone = deviceOn();
    gone.network.failure = refused(refusal(404, 'NOT_FOUND'));
    gone.sender.read('c', 7);
    await vi.runAllTimersAsync();
    gone.sender.wake();
    await vi.runAllTimersAsync();
    expect(gone.sent).toHaveLength(1);

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

describe('a stored receipt', () => {
  it('is sent after a restart if it was unsent', async () => {
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

  it('survives an immediate end of the program, and is removed once it is sent', async () => {
    const storage = memoryOutbox();
    const before = deviceOn(storage);
    before.sender.read('c', 5);
    await before.sender.close();
    expect(before.sent).toEqual([]);
    expect(await storage.load()).toMatchObject([{ conversationId: 'c', receipt: { readSeq: 5 } }]);
    const after = deviceOn(storage);
    after.sender.read('c', 4);
    await vi.runAllTimersAsync();
    expect(after.server.read).toBe(5);
    expect(await storage.load()).toEqual([]);
  });

  it('is the highest of those that several programs left, and is not lowered by new receipts', async () => {
    const storage = memoryOutbox();
    for (const seq of [9, 3]) {
      const { sender } = deviceOn(storage);
      sender.read('c', seq);
      await sender.close();
    }
    expect(await storage.load()).toHaveLength(2);
    const { sender, server, network, sent } = deviceOn(storage);
    network.failure = offline;
    await vi.advanceTimersByTimeAsync(1_000);
    sender.read('c', 4);
    network.failure = undefined;
    sender.wake();
    await vi.runAllTimersAsync();
    expect(server.read).toBe(9);
    expect(sent.every(({ readSeq }) => readSeq === 9)).toBe(true);
    expect(await storage.load()).toEqual([]);
  });

  it('is removed by an unread mark', async () => {
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
  it('throws when its seq is invalid, and does not block others', async () => {
    const { sender, sent } = deviceOn();
    for (const seq of [Number.NaN, Infinity, 1.5, '7' as unknown as number, undefined as unknown as number]) {
      expect(() => sender.read('c', seq)).toThrow(TypeError);
      expect(() => sender.delivered('c', seq)).toThrow(TypeError);
    }
    sender.read('c', 7);
    await vi.runAllTimersAsync();
    expect(sent).toEqual([{ readSeq: 7 }]);
  });

  it.each<[string, () => Error]>([
    ['rejected', refused(refusal(422, 'VALIDATION_FAILED'))],
    ['impossible', () => new TypeError('The path needs the parameter conversationId')],
  ])('is not retried when it is %s, and does not block lower seqs', async (_label, failure) => {
    const { sender, sent, network } = deviceOn();
    network.failure = failure;
    sender.read('c', 1_000_000);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(sent).toEqual([{ readSeq: 1_000_000 }]);
    network.failure = undefined;
    sender.read('c', 7);
    await vi.runAllTimersAsync();
    expect(sent.at(-1)).toEqual({ readSeq: 7 });
  });

  it('does not wait until a clock that was set back catches up', async () => {
    const { sender, sent } = deviceOn();
    sender.read('c', 1);
    await vi.advanceTimersByTimeAsync(10);
    vi.setSystemTime(Date.now() - 86_400_000);
    sender.read('c', 2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.at(-1)).toEqual({ readSeq: 2 });
  });
});
