import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation } from '../contract/schemas/conversation.ts';
import { refusal } from './http-test-builders.ts';
import { NetworkError } from './network-error.ts';
import { type NewMessage, wordsOfTask } from './outgoing-task.ts';
import { Outbox } from './outbox.ts';
import { memoryOutbox, type OutboxStorage } from './outbox-storage.ts';
import type { PendingMessage, SendOutcome } from './pending-message.ts';
import { createServerClock } from './server-clock.ts';
import { keepSupportStart } from './support.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Setting {
  readonly storage?: OutboxStorage;
  readonly losesFirst?: number;
  readonly rejects?: boolean;
}

describe('the start of a support conversation', () => {
  const conversation = { id: 'created' } as Conversation;
  const urgent = { type: 'text', text: 'urgent', urgent: true } as const;
  const file: NewMessage = { type: 'file', text: 'file', attachments: ['a'] };

  function deskOutbox({ storage, losesFirst = 0, rejects = false }: Setting = {}) {
    const requests: (readonly [string, string, string])[] = [];
    let lost = losesFirst;
    const attempt = async ({ conversationId, clientMessageId, task }: PendingMessage): Promise<SendOutcome> => {
      const text = wordsOfTask(task);
      requests.push([conversationId, text, clientMessageId]);
      if ((lost -= 1) >= 0) throw new NetworkError('timeout');
      if (rejects) return { ok: false, problem: refusal(403, 'FORBIDDEN') };
      if (task.kind === 'start') return { ok: true, conversation };
      const seq = requests.length;
      const common = { senderId: 'guest', type: 'text', status: 'sent', createdAt: '', seq, updatedSeq: seq } as const;
      return { ok: true, message: { ...common, conversationId, text, clientMessageId } };
    };
    const outbox = new Outbox({
      ...{ attempt, clock: createServerClock(), random: () => 1, ownUserId: 'guest' },
      ...(storage === undefined ? {} : { storage }),
      onChange: () => undefined,
      onStored: () => undefined,
    });
    const sent = () => requests.map(([id, text]) => `${id === 'created' ? 'created' : 'local'}: ${text}`);
    return { outbox, requests, sent };
  }

  it('precedes all messages, of which urgent ones go first and files last', async () => {
    const { outbox, sent } = deskOutbox();
    const start = outbox.start({ message: 'help' });
    const { conversationId } = start.pending;
    const further = [file, 'first', 'second', urgent].map((message) => outbox.send(conversationId, message).outcome);
    await vi.runAllTimersAsync();
    expect(sent()).toEqual(['local: help', 'created: urgent', 'created: first', 'created: second', 'created: file']);
    expect(await start.outcome).toEqual({ ok: true, conversation });
    expect(await Promise.all(further)).toMatchObject(further.map(() => ({ ok: true })));
    expect(outbox.pending(conversationId)).toEqual([]);
    await outbox.send(conversationId, 'later').outcome;
    expect(sent().at(-1)).toBe('created: later');
  });

  it('is repeated under the same id until the server answers, also by the next run of the program', async () => {
    const storage = memoryOutbox();
    const first = deskOutbox({ storage, losesFirst: 2 });
    const { pending } = first.outbox.start({ message: 'help' });
    first.outbox.send(pending.conversationId, 'more');
    await vi.advanceTimersByTimeAsync(1_000);
    await first.outbox.close();
    const second = deskOutbox({ storage, losesFirst: 1 });
    await vi.runAllTimersAsync();
    expect(second.sent()).toEqual(['local: help', 'local: help', 'created: more']);
    expect(
      new Set([...first.requests, ...second.requests].filter(([, text]) => text === 'help').map(([, , id]) => id)),
    ).toEqual(new Set([pending.clientMessageId]));
    expect(await storage.load()).toEqual([]);
  });

  it('keeps its messages together when the program ends at any write of the storage', async () => {
    for (let writes = 0; writes < 12; writes += 1) {
      const stored = memoryOutbox();
      let left = writes;
      const crashing: OutboxStorage = {
        ...stored,
        put: (item) => ((left -= 1) >= 0 ? stored.put(item) : new Promise<void>(() => undefined)),
        remove: (id) => ((left -= 1) >= 0 ? stored.remove(id) : new Promise<void>(() => undefined)),
      };
      const first = deskOutbox({ storage: crashing });
      const { pending } = first.outbox.start({ message: 'help' });
      const other = first.outbox.send(pending.conversationId, 'more').pending;
      await vi.advanceTimersByTimeAsync(1_000);
      void first.outbox.close();
      const kept = await stored.load();
      const second = deskOutbox({ storage: stored });
      await vi.runAllTimersAsync();
      expect(await stored.load(), `${writes} writes`).toEqual([]);
      const sent = second.requests.map(([, , id]) => id);
      expect(sent, `${writes} writes`).toEqual(
        [pending, other].map(({ localId }) => localId).filter((id) => kept.some(({ localId }) => localId === id)),
      );
      expect(second.sent().filter((text) => text.startsWith('local: more'))).toEqual([]);
    }
  });

  it('holds its messages back while it is rejected, and discards them with it', async () => {
    const { outbox, sent } = deskOutbox({ rejects: true });
    const { pending } = outbox.start({ message: 'help' });
    outbox.send(pending.conversationId, 'more');
    await vi.runAllTimersAsync();
    expect(outbox.pending(pending.conversationId).map(({ state }) => state)).toEqual(['failed', 'queued']);
    expect(outbox.discard(pending.conversationId, pending.localId)).toBe(true);
    expect(outbox.pending(pending.conversationId)).toEqual([]);
    expect(sent()).toEqual(['local: help']);
  });

  it('is kept before a guest has signed in, and is sent by the first client of the outbox', async () => {
    const storage = memoryOutbox();
    await keepSupportStart(storage, { message: urgent });
    const { sent } = deskOutbox({ storage });
    await vi.runAllTimersAsync();
    expect(sent()).toEqual(['local: urgent']);
  });
});
