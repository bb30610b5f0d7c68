import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { Message } from '../contract/schemas/message.ts';
import { timeOfClientMessageId } from './client-message-id-time.ts';
import { refusal } from './http-test-builders.ts';
import { NetworkError } from './network-error.ts';
import { wordsOfTask } from './outgoing-task.ts';
import { Outbox } from './outbox.ts';
import type { OutboxOptions } from './outbox-options.ts';
import { keyValueOutbox, memoryOutbox, type OutboxRecord, type OutboxStorage } from './outbox-storage.ts';
import { type JoinTabs, joinTabs, type TabMessage } from './outbox-tabs.ts';
import type { PendingMessage, SendOutcome } from './pending-message.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createServerClock } from './server-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Reaction = 'store' | 'store and lose the answer' | 'lose' | 'ended' | ProblemBody | Error;

const taskOf = (text: string) => ({ kind: 'message', message: { type: 'text', text } }) as const;

function outboxOn(
  reactions: readonly Reaction[] = [],
  restored: readonly PendingMessage[] = [],
  more: Partial<OutboxOptions> = {},
) {
  const log: Message[] = [];
  const attempts: PendingMessage[] = [];
  const running = new Map<string, number>();
  const changes: PendingMessage[][] = [];
  const announced: Message[] = [];
  const clock = createServerClock();
  const queue = [...reactions];
  let mostAtOnce = 0;

  const store = (pending: PendingMessage): Message => {
    const existing = log.find((message) => message.clientMessageId === pending.clientMessageId);
    if (existing !== undefined) return existing;
    const { conversationId, clientMessageId } = pending;
    const text = wordsOfTask(pending.task);
    const createdAt = new Date().toISOString();
    const common = { senderId: 'alice', type: 'text', status: 'sent', createdAt } as const;
    const seq = log.length + 1;
    const message: Message = { ...common, conversationId, text, clientMessageId, seq, updatedSeq: seq };
    log.push(message);
    return message;
  };
  const attempt = async (pending: PendingMessage): Promise<SendOutcome> => {
    attempts.push(pending);
    const count = (running.get(pending.conversationId) ?? 0) + 1;
    running.set(pending.conversationId, count);
    mostAtOnce = Math.max(mostAtOnce, count);
    await Promise.resolve();
    running.set(pending.conversationId, count - 1);
    const reaction = queue.shift() ?? 'store';
    if (reaction === 'ended') throw new SessionEndedError();
    if (reaction instanceof Error) throw reaction;
    if (reaction === 'store' || reaction === 'store and lose the answer') {
      const message = store(pending);
      if (reaction === 'store') return { ok: true, message };
    }
    if (typeof reaction === 'object') return { ok: false, problem: reaction };
    throw new NetworkError('timeout');
  };
  const outbox = new Outbox({
    attempt,
    clock,
    random: () => 1,
    restored,
    ...more,
    onChange: (_, pending) => changes.push([...pending]),
    onStored: ({ message }) => message && announced.push(message),
  });
  const texts = () => log.map(({ text }) => text);
  return { outbox, log, attempts, changes, announced, clock, texts, mostAtOnce: () => mostAtOnce };
}

describe('sending', () => {
  it('sends one message of a conversation at a time, in order', async () => {
    const { outbox, texts, mostAtOnce } = outboxOn(['lose', 'store and lose the answer']);
    const sent = ['one', 'two', 'three'].map((text) => outbox.send('c', text).outcome);
    await vi.runAllTimersAsync();
    expect(await Promise.all(sent)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(mostAtOnce()).toBe(1);
  });

  it('does not make a conversation wait for another one', async () => {
    const { outbox, texts } = outboxOn([refusal(429, 'THROTTLED', { retryable: true, retryAfterMs: 60_000 })]);
    void outbox.send('slow', 'later');
    const fast = outbox.send('fast', 'now').outcome;
    expect(await fast).toMatchObject({ ok: true });
    expect(texts()).toEqual(['now']);
  });

  it('retries with the same id until an answer comes, and stores the message once', async () => {
    const { outbox, log, attempts } = outboxOn(['lose', 'store and lose the answer', 'lose']);
    const { pending: message, outcome } = outbox.send('c', 'Hello');
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ ok: true, message: { seq: 1 } });
    expect(log).toHaveLength(1);
    expect(attempts.map(({ clientMessageId }) => clientMessageId)).toEqual(Array(4).fill(message.clientMessageId));
    expect(attempts.map(({ uncertain }) => uncertain)).toEqual([false, true, true, true]);
  });

  it('waits for the time that the server names, even if the connection comes back earlier', async () => {
    const { outbox, attempts } = outboxOn([refusal(429, 'THROTTLED', { retryable: true, retryAfterMs: 20_000 })]);
    const { outcome } = outbox.send('c', 'Hello');
    await vi.advanceTimersByTimeAsync(19_999);
    outbox.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(attempts).toHaveLength(1);
    expect(outbox.pending('c')).toMatchObject([
      { state: 'queued', retryAt: Date.now() + 1, problem: { code: 'THROTTLED' }, uncertain: false },
    ]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ ok: true });
  });

  it('retries immediately when the connection is back', async () => {
    const { outbox, attempts } = outboxOn(['lose', 'lose', 'lose', 'lose']);
    const { outcome } = outbox.send('c', 'Hello');
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000);
    expect(attempts).toHaveLength(4);
    outbox.wake();
    expect(await outcome).toMatchObject({ ok: true });
  });

  it('waits for a new session, and does not count the message as sent', async () => {
    const { outbox } = outboxOn(['ended']);
    const { outcome } = outbox.send('c', 'Hello');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(outbox.pending('c')).toMatchObject([{ state: 'queued', uncertain: false }]);
    outbox.wake();
    expect(await outcome).toMatchObject({ ok: true });
  });

  it('announces every state, and the stored message before it is no longer pending', async () => {
    const { outbox, changes, announced } = outboxOn(['lose']);
    const { outcome } = outbox.send('c', 'Hello');
    await vi.runAllTimersAsync();
    await outcome;
    expect(changes.map((pending) => pending[0]?.state)).toEqual(['queued', 'sending', 'queued', 'sending', undefined]);
    expect(announced).toMatchObject([{ text: 'Hello' }]);
  });
});

describe('a message that the server rejects for good', () => {
  const tooLong = refusal(422, 'MESSAGE_TOO_LONG');

  it('stays as failed, and does not block the next message', async () => {
    const { outbox, texts } = outboxOn([tooLong]);
    const [long, short] = [outbox.send('c', 'long'), outbox.send('c', 'short')];
    expect(await long.outcome).toEqual({ ok: false, problem: tooLong });
    expect(await short.outcome).toMatchObject({ ok: true });
    expect(texts()).toEqual(['short']);
    expect(outbox.pending('c')).toMatchObject([{ task: taskOf('long'), state: 'failed', problem: tooLong }]);
  });

  it('can be retried or discarded', async () => {
    const { outbox, texts } = outboxOn([tooLong, tooLong]);
    const [first, second] = [outbox.send('c', 'one'), outbox.send('c', 'two')];
    await Promise.all([first.outcome, second.outcome]);
    outbox.discard('c', first.pending.localId);
    expect(outbox.pending('c')).toMatchObject([{ task: taskOf('two') }]);
    expect(await outbox.retry('c', second.pending.localId)?.outcome).toMatchObject({ ok: true });
    expect(texts()).toEqual(['two']);
    expect(outbox.retry('c', 'unknown')).toBeUndefined();
  });
});

describe('a message that cannot be sent', () => {
  it('throws immediately and changes nothing', () => {
    const { outbox, changes } = outboxOn();
    const metadata = { amount: 1n } as unknown as Record<string, string>;
    expect(() => outbox.send('c', { type: 'text', text: 'Hi', metadata })).toThrow(TypeError);
    expect(() => outbox.send(undefined as unknown as string, 'Hi')).toThrow(TypeError);
    expect(() => outbox.send('c', undefined as unknown as string)).toThrow(TypeError);
    expect(() => outbox.add('c', { kind: 'edit', seq: Number.NaN, text: 'Hi' })).toThrow(TypeError);
    expect(() => outbox.add('c', { kind: 'reaction', seq: 1, emoji: '\uD83D', added: true })).toThrow(TypeError);
    expect(changes).toEqual([]);
  });

  it('does not include a proxy or a message that changes later', async () => {
    const { outbox, attempts } = outboxOn();
    const newMessage = { type: 'text' as const, text: 'before', mentions: new Proxy(['bob'], {}) };
    const { outcome } = outbox.send('c', newMessage);
    newMessage.text = 'after';
    newMessage.mentions.push('carol');
    await outcome;
    expect(structuredClone(attempts[0]?.task)).toEqual({
      kind: 'message',
      message: { type: 'text', text: 'before', mentions: ['bob'] },
    });
  });

  it.each<[string, Error]>([
    ['a TypeError', new TypeError('Do not know how to serialize a BigInt')],
    ['a DataCloneError', new DOMException('It could not be cloned', 'DataCloneError')],
    ['any other error', new Error('A bug')],
  ])('fails with its reason after %s and does not block the next message', async (_label, error) => {
    const { outbox, texts, attempts } = outboxOn([error]);
    const [bad, good] = [outbox.send('c', 'bad'), outbox.send('c', 'good')];
    expect(await bad.outcome).toMatchObject({ ok: false, problem: { code: 'NOT_SENDABLE', detail: error.message } });
    expect(await good.outcome).toMatchObject({ ok: true });
    expect(outbox.pending('c')).toMatchObject([{ task: taskOf('bad'), state: 'failed', uncertain: true }]);
    expect(await outbox.retry('c', bad.pending.localId)?.outcome).toMatchObject({ ok: true });
    expect(texts()).toEqual(['good', 'bad']);
    expect(attempts[2]?.clientMessageId).toBe(attempts[0]?.clientMessageId);
  });

  it('is retried when only the token could not be renewed', async () => {
    const busy = new RefusedError(refusal(503, 'SERVICE_BUSY', { retryable: true }));
    const { outbox, texts } = outboxOn([busy]);
    const { outcome } = outbox.send('c', 'Hello');
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ ok: true });
    expect(texts()).toEqual(['Hello']);
  });

  it.each(['a storage', 'restored messages'])('fails after a restart with %s, and can be discarded', async (source) => {
    const poisoned = {
      localId: 'poisoned',
      clientMessageId: 'poisoned',
      conversationId: 'c',
      task: { kind: 'message', message: { type: 'text', text: 'Hi', metadata: { amount: 1n } } },
      writtenAt: 0,
      order: 1,
      state: 'queued',
      uncertain: false,
    } as unknown as PendingMessage;
    const storage = memoryOutbox();
    if (source === 'a storage') await storage.put(poisoned);
    const sent: string[] = [];
    const attempt = async ({ task, clientMessageId }: PendingMessage): Promise<SendOutcome> => {
      sent.push(JSON.stringify(task));
      const [text, createdAt] = [wordsOfTask(task), new Date().toISOString()];
      const common = { conversationId: 'c', senderId: 'alice', type: 'text', status: 'sent', seq: 1 } as const;
      return { ok: true, message: { ...common, text, clientMessageId, createdAt, updatedSeq: 1 } };
    };
    const { outbox } = outboxOn([], source === 'a storage' ? [] : [poisoned], { attempt, storage });
    const { outcome } = outbox.send('c', 'after it');
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ ok: true });
    expect(sent).toHaveLength(1);
    expect(outbox.pending('c')).toMatchObject([{ localId: 'poisoned', state: 'failed' }]);
    expect(outbox.discard('c', 'poisoned')).toBe(true);
    await vi.runAllTimersAsync();
    expect(outbox.pending('c')).toEqual([]);
    expect(await storage.load()).toEqual([]);
  });

  it('does not block the next message when a listener throws', async () => {
    const failing = { fail: true };
    const broken = new Outbox({
      attempt: async ({ clientMessageId }) => ({ ok: true, message: { clientMessageId } as Message }),
      clock: createServerClock(),
      onChange: () => undefined,
      onStored: () => {
        if (failing.fail) throw new TypeError('A bug');
      },
    });
    const first = broken.send('c', 'one').outcome;
    expect(await first).toMatchObject({ ok: true });
    failing.fail = false;
    expect(await broken.send('c', 'two').outcome).toMatchObject({ ok: true });
    expect(broken.pending('c')).toEqual([]);
  });
});

it('uses the server’s time for this and later messages when the device’s clock is wrong', async () => {
  const serverTime = Date.now() - 3_600_000;
  const skew = refusal(422, 'CLOCK_SKEW', { serverTime: new Date(serverTime).toISOString() });
  const { outbox, attempts, log } = outboxOn([skew]);
  const { pending: message, outcome } = outbox.send('c', 'Hello');
  expect(await outcome).toMatchObject({ ok: true });
  expect(attempts.map(({ localId }) => localId)).toEqual([message.localId, message.localId]);
  expect(log).toHaveLength(1);
  const next = outbox.send('c', 'Next').pending;
  for (const id of [log[0]?.clientMessageId ?? '', next.clientMessageId]) {
    expect(timeOfClientMessageId(id)).toBe(serverTime);
  }
});

it('never sends a message that may be stored under another id', async () => {
  const tooOld = refusal(422, 'CLOCK_SKEW', { serverTime: new Date(Date.now() + 40 * 24 * 3600_000).toISOString() });
  const { outbox, texts } = outboxOn(['store and lose the answer', tooOld]);
  const { outcome } = outbox.send('c', 'hello');
  await vi.runAllTimersAsync();
  expect(await outcome).toMatchObject({ ok: false });
  expect(texts()).toEqual(['hello']);
});

it('finishes a message that is in the log without an answer', async () => {
  const { outbox, log, attempts, texts } = outboxOn(['store and lose the answer']);
  const first = outbox.send('c', 'first');
  const second = outbox.send('c', 'second');
  await vi.advanceTimersByTimeAsync(1);
  const [stored] = log;
  if (stored === undefined) throw new Error('Nothing was stored');
  outbox.confirm(stored);
  expect(await first.outcome).toEqual({ ok: true, message: stored });
  expect(await second.outcome).toMatchObject({ ok: true });
  expect(attempts).toHaveLength(2);
  expect(texts()).toEqual(['first', 'second']);
});

it('announces a message once when both the log and the answer confirm it', async () => {
  const { outbox, log, announced, texts } = outboxOn();
  const { pending: message, outcome } = outbox.send('c', 'first');
  await Promise.resolve();
  const base = { conversationId: 'c', seq: 1, updatedSeq: 1 };
  const logged = { ...base, senderId: 'alice', text: 'first', type: 'text', status: 'sent' } as const;
  outbox.confirm({ ...logged, clientMessageId: message.clientMessageId, createdAt: new Date().toISOString() });
  expect(await outcome).toMatchObject({ ok: true, message: { seq: 1 } });
  expect(await outbox.send('c', 'second').outcome).toMatchObject({ ok: true });
  expect(announced.map(({ text }) => text)).toEqual(['first', 'second']);
  expect(log).toHaveLength(2);
  expect(texts()).toEqual(['first', 'second']);
});

describe('a message that was pending when the client closed', () => {
  it('is sent with the same id after the next start', async () => {
    const before = outboxOn(['store and lose the answer']);
    void before.outbox.send('c', 'one');
    void before.outbox.send('c', 'two');
    await vi.advanceTimersByTimeAsync(1);
    void before.outbox.close();
    await vi.runAllTimersAsync();
    expect(before.attempts).toHaveLength(1);

    const pending = before.outbox.pending('c');
    const after = outboxOn([], JSON.parse(JSON.stringify(pending)) as PendingMessage[]);
    await vi.runAllTimersAsync();
    expect(after.attempts).toMatchObject([
      { task: taskOf('one'), uncertain: true, clientMessageId: pending[0]?.clientMessageId },
      { task: taskOf('two'), uncertain: false, clientMessageId: pending[1]?.clientMessageId },
    ]);
    expect(after.outbox.pending('c')).toEqual([]);
  });

  it('counts as uncertain if it was being sent', async () => {
    const template = {
      localId: 'l',
      clientMessageId: 'm',
      conversationId: 'c',
      task: taskOf('t'),
      writtenAt: 0,
      order: 0,
    };
    const { attempts } = outboxOn([], [{ ...template, state: 'sending', uncertain: false }]);
    await vi.runAllTimersAsync();
    expect(attempts).toMatchObject([{ uncertain: true }]);
  });
});

it('stores each message once and in order, whatever happens to the attempts', async () => {
  const busy = refusal(503, 'SERVICE_BUSY', { retryable: true, retryAfterMs: 300 });
  const throttled = refusal(429, 'THROTTLED', { retryable: true, retryAfterMs: 1000 });
  const reaction = fc.constantFrom<Reaction>('store', 'store and lose the answer', 'lose', busy, throttled);
  await fc.assert(
    fc.asyncProperty(
      fc.array(reaction, { maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      async (reactions, count) => {
        const { outbox, texts, mostAtOnce } = outboxOn(reactions);
        const written = Array.from({ length: count }, (_, index) => `message ${index}`);
        const sent = written.map((text) => outbox.send('c', text).outcome);
        await vi.runAllTimersAsync();
        expect((await Promise.all(sent)).every(({ ok }) => ok)).toBe(true);
        expect(texts()).toEqual(written);
        expect(mostAtOnce()).toBe(1);
      },
    ),
    { numRuns: 200 },
  );
});

describe('an outbox with a storage', () => {
  const offline = (): Promise<never> => Promise.reject(new NetworkError('unreachable'));

  it('sends stored messages after a restart, in order and before new ones', async () => {
    const storage = memoryOutbox();
    const before = outboxOn([], [], { storage, attempt: offline });
    const kept = ['one', 'two', 'three'].map((text) => before.outbox.send('c', text).kept);
    await vi.advanceTimersByTimeAsync(10);
    await Promise.all(kept);
    void before.outbox.close();
    vi.setSystemTime(Date.now() - 3_600_000);
    const { outbox, texts, mostAtOnce } = outboxOn([], [], { storage });
    const last = outbox.send('c', 'four').outcome;
    await vi.runAllTimersAsync();
    await last;
    expect(texts()).toEqual(['one', 'two', 'three', 'four']);
    expect(mostAtOnce()).toBe(1);
    expect(await storage.load()).toEqual([]);
  });

  it('stores the state "sending" before the attempt, so that a crash leaves the message uncertain', async () => {
    const storage = memoryOutbox();
    let stored: readonly OutboxRecord[] = [];
    const attempt = async (): Promise<never> => {
      stored = await storage.load();
      throw new NetworkError('timeout');
    };
    const { outbox } = outboxOn([], [], { storage, attempt });
    outbox.send('c', 'one');
    await vi.advanceTimersByTimeAsync(10);
    expect(stored).toMatchObject([{ state: 'sending' }]);
    void outbox.close();
  });

  it.each<[string, () => Promise<never>]>([
    ['fails', () => Promise.reject(new DOMException('The quota is used up', 'QuotaExceededError'))],
    ['never answers', () => new Promise(() => undefined)],
  ])('rejects `kept` but still sends in order when the storage %s', async (_label, fail) => {
    const storage: OutboxStorage = { load: fail, put: fail, remove: fail };
    const errors: Error[] = [];
    const { outbox, texts } = outboxOn([], [], { storage, onError: (error) => errors.push(error) });
    const sent = ['one', 'two'].map((text) => outbox.send('c', text));
    const kept = Promise.allSettled(sent.map((each) => each.kept));
    await vi.runAllTimersAsync();
    expect((await kept).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await Promise.all(sent.map(({ outcome }) => outcome))).toMatchObject([{ ok: true }, { ok: true }]);
    expect(texts()).toEqual(['one', 'two']);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('does not send messages of another user', async () => {
    const storage = memoryOutbox();
    const alice = outboxOn([], [], { storage, attempt: offline, ownUserId: 'alice' });
    await alice.outbox.send('c', 'by Alice').kept;
    void alice.outbox.close();
    const bob = outboxOn([], [], { storage, ownUserId: 'bob' });
    const { outcome } = bob.outbox.send('c', 'by Bob');
    await vi.runAllTimersAsync();
    await outcome;
    void bob.outbox.close();
    expect(bob.texts()).toEqual(['by Bob']);
    const again = outboxOn([], [], { storage, ownUserId: 'alice' });
    await vi.runAllTimersAsync();
    expect(again.texts()).toEqual(['by Alice']);
  });

  it('sends and reports an error when the storage fails', async () => {
    const broken: OutboxStorage = {
      load: () => Promise.reject(new Error('no disk')),
      put: () => Promise.reject(new Error('no disk')),
      remove: () => Promise.reject(new Error('no disk')),
    };
    const errors: string[] = [];
    const { outbox, texts } = outboxOn([], [], { storage: broken, onError: ({ message }) => errors.push(message) });
    const { outcome } = outbox.send('c', 'one');
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ ok: true });
    expect(texts()).toEqual(['one']);
    expect(new Set(errors)).toEqual(new Set(['no disk']));
  });

  it('ignores foreign and broken items of a key-value storage', async () => {
    const texts = new Map<string, string>([
      ['other', 'not ours'],
      ['outbox-broken', '{"half":'],
    ]);
    const storage = keyValueOutbox(
      {
        getAllKeys: async () => [...texts.keys()],
        getItem: async (key) => texts.get(key) ?? null,
        setItem: async (key, value) => texts.set(key, value),
        removeItem: async (key) => texts.delete(key),
      },
      'outbox-',
    );
    const { outbox } = outboxOn([], [], { storage, attempt: offline });
    await outbox.send('c', 'one').kept;
    void outbox.close();
    expect(await storage.load()).toMatchObject([{ task: taskOf('one') }]);
  });
});

describe('a shared outbox', () => {
  function browser(): JoinTabs {
    const tabs: { lead: () => void; receive: (message: TabMessage) => void }[] = [];
    return (_name, lead, onMessage) => {
      const tab = { lead, receive: onMessage };
      tabs.push(tab);
      if (tabs.length === 1) lead();
      return {
        post: (message) => {
          for (const each of tabs) if (each !== tab) queueMicrotask(() => each.receive(structuredClone(message)));
        },
        leave: () => {
          const wasFirst = tabs[0] === tab;
          tabs.splice(tabs.indexOf(tab), 1);
          if (wasFirst) tabs[0]?.lead();
        },
      };
    };
  }
  const sharing = () => ({ storage: { ...memoryOutbox(), sharedAs: 'outbox' }, joinTabs: browser() });

  it('sends from one tab, and announces the outcome in the tab that wrote the message', async () => {
    const shared = sharing();
    const first = outboxOn([], [], shared);
    const second = outboxOn([], [], shared);
    await vi.advanceTimersByTimeAsync(0);
    const { outcome } = second.outbox.send('c', 'from the second');
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ ok: true, message: { text: 'from the second' } });
    expect([first.texts(), second.texts()]).toEqual([['from the second'], []]);
    expect([first, second].map(({ outbox }) => outbox.pending('c'))).toEqual([[], []]);
    expect(await shared.storage.load()).toEqual([]);
  });

  it('sends although the other tabs cannot be notified', async () => {
    const cannotPost: JoinTabs = (_name, lead) => {
      lead();
      return {
        post: () => {
          throw new DOMException('It could not be cloned', 'DataCloneError');
        },
        leave: () => undefined,
      };
    };
    const errors: string[] = [];
    const { outbox, texts } = outboxOn([], [], {
      storage: { ...memoryOutbox(), sharedAs: 'outbox' },
      joinTabs: cannotPost,
      onError: ({ name }) => errors.push(name),
    });
    const { outcome } = outbox.send('c', 'one');
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ ok: true });
    expect(texts()).toEqual(['one']);
    expect(new Set(errors)).toEqual(new Set(['DataCloneError']));
  });

  it.each<[string, unknown]>([
    ['are missing', undefined],
    ['are not allowed', { request: () => Promise.reject(new DOMException('Not here', 'SecurityError')) }],
  ])('sends from each tab when locks %s', async (_label, locks) => {
    vi.stubGlobal('navigator', { locks });
    const { outbox, texts } = outboxOn([], [], { storage: { ...memoryOutbox(), sharedAs: 'outbox' }, joinTabs });
    const { outcome } = outbox.send('c', 'one');
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ ok: true });
    expect(texts()).toEqual(['one']);
    await outbox.close();
    vi.unstubAllGlobals();
  });

  it('sends the messages of the closed leader from the next one', async () => {
    const shared = sharing();
    const first = outboxOn(['lose', 'lose', 'lose', 'lose', 'lose'], [], shared);
    const second = outboxOn([], [], shared);
    await vi.advanceTimersByTimeAsync(0);
    first.outbox.send('c', 'one');
    await vi.advanceTimersByTimeAsync(100);
    const { outcome } = second.outbox.send('c', 'two');
    await vi.advanceTimersByTimeAsync(100);
    void first.outbox.close();
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ ok: true });
    expect(second.texts()).toEqual(['one', 'two']);
    expect(second.attempts[0]).toMatchObject({ uncertain: true });
  });
});
