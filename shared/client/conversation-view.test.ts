import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '../contract/schemas/message.ts';
import { ConversationView } from './conversation-view.ts';
import { refusal } from './http-test-builders.ts';
import type { CallRoute } from './http.ts';
import { NetworkError } from './network-error.ts';
import { messageEvent } from './socket-test-builders.ts';
import { messagesOf } from './timeline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface PageQuery {
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
}

function coversOf(items: readonly Message[], { after, before }: PageQuery, isWhole: boolean, end: number) {
  const oldest = (items[0]?.seq ?? 1) - 1;
  if (after === undefined) return { after: oldest, through: before === undefined ? end : before - 1 };
  return { after, through: isWhole ? Math.max(after, end) : (items.at(-1)?.seq ?? after) };
}

function viewOn(length: number) {
  const log: Message[] = [];
  let last = 0;
  const end = () => last;
  const write = (): Message => {
    last += 1;
    const message = messageEvent('c', last).data as Message;
    log.push(message);
    return message;
  };
  const edit = (seq: number, text: string): void => {
    last += 1;
    const index = log.findIndex((message) => message.seq === seq);
    log[index] = { ...(log[index] as Message), text, updatedSeq: last };
  };
  for (let seq = 1; seq <= length; seq += 1) write();
  const queries: PageQuery[] = [];
  const failures: ('network' | ReturnType<typeof refusal>)[] = [];
  const expired = { through: 0 };
  const call = (_route: unknown, request: { query: PageQuery }) => {
    const { after, before, limit } = request.query;
    queries.push(request.query);
    const failure = failures.shift();
    if (failure === 'network') return Promise.reject(new NetworkError('unreachable'));
    if (failure !== undefined) return Promise.resolve({ ok: false, problem: failure });
    const kept = log.filter(({ seq }) => seq > expired.through);
    const items =
      after === undefined
        ? kept.filter(({ seq }) => seq < (before ?? Infinity)).slice(-limit)
        : kept.filter(({ seq }) => seq > after).slice(0, limit);
    const older = (items[0]?.seq ?? 1) > 1 ? items[0]?.seq : undefined;
    const newer = items.length === limit ? items.at(-1)?.seq : undefined;
    const next = after === undefined ? older : newer;
    return Promise.resolve({
      ok: true,
      status: 200,
      body: {
        items,
        nextCursor: next === undefined ? null : `${next}`,
        covers: coversOf(items, request.query, newer === undefined, end()),
      },
    });
  };
  const announced: number[] = [];
  const changed: Message[] = [];
  const errors: Error[] = [];
  const view = new ConversationView({
    conversationId: 'c',
    ownUserId: 'alice',
    call: call as unknown as CallRoute,
    onChange: () => undefined,
    onMessage: ({ seq }) => announced.push(seq),
    onChangedMessage: (message) => changed.push(message),
    onError: (error) => errors.push(error),
    random: () => 1,
  });
  const deliver = (...seqs: number[]) =>
    view.add(seqs.flatMap((seq) => log.filter((message) => message.seq === seq).map((message) => ({ seq, message }))));
  const seqs = () => messagesOf(view.timeline).map(({ seq }) => seq);
  const settle = () => vi.advanceTimersByTimeAsync(3_600_000);
  return { view, log, write, edit, deliver, queries, failures, expired, announced, changed, errors, seqs, settle };
}

describe('an open conversation', () => {
  it('shows the newest page and announces only newer messages', async () => {
    const { view, write, deliver, announced, seqs } = viewOn(8);
    await view.open(3);
    expect(seqs()).toEqual([6, 7, 8]);
    write();
    deliver(8, 9);
    expect(announced).toEqual([9]);
    expect(view.position).toBe(9);
  });

  it('does not announce a message that arrived while opening and is in the first page', async () => {
    const { view, deliver, announced, seqs } = viewOn(5);
    const opening = view.open(3);
    deliver(5);
    expect(view.position).toBeUndefined();
    await opening;
    expect(announced).toEqual([]);
    expect(seqs()).toEqual([3, 4, 5]);
  });

  it('opens after an earlier attempt failed', async () => {
    const { view, failures, seqs } = viewOn(2);
    failures.push('network');
    await expect(view.open(3)).rejects.toBeInstanceOf(NetworkError);
    await view.open(3);
    expect(seqs()).toEqual([1, 2]);
  });

  it('waits for overtaken events before it fetches', async () => {
    const { view, write, deliver, queries, announced } = viewOn(2);
    await view.open(5);
    write();
    write();
    deliver(4);
    expect(announced).toEqual([]);
    await vi.advanceTimersByTimeAsync(150);
    deliver(3);
    await vi.advanceTimersByTimeAsync(1000);
    expect(announced).toEqual([3, 4]);
    expect(queries).toHaveLength(1);
  });

  it('does not postpone a fetch when more events arrive', async () => {
    const { view, write, deliver, announced } = viewOn(1);
    await view.open(5);
    write();
    for (let seq = 3; seq <= 12; seq += 1) {
      write();
      deliver(seq);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(announced.length).toBeGreaterThan(8);
  });

  it('fetches all pages of lost messages, and announces each message once and in order', async () => {
    const { view, write, deliver, queries, announced, settle } = viewOn(1);
    await view.open(5);
    for (let number = 0; number < 250; number += 1) write();
    deliver(251);
    await settle();
    expect(announced).toEqual(Array.from({ length: 250 }, (_, index) => index + 2));
    expect(queries.slice(1)).toEqual([1, 101, 201].map((after) => ({ after, limit: 100 })));
  });

  it('retries a fetch when no answer comes', async () => {
    const { view, write, deliver, failures, announced, errors, settle } = viewOn(1);
    await view.open(5);
    write();
    write();
    failures.push('network', refusal(503, 'SERVICE_BUSY', { retryable: true }), 'network');
    deliver(3);
    await settle();
    expect(announced).toEqual([2, 3]);
    expect(errors).toHaveLength(3);
  });

  it('does not retry a fetch that the server rejects for good', async () => {
    const { view, write, deliver, failures, queries, errors, settle } = viewOn(1);
    await view.open(5);
    write();
    write();
    failures.push(refusal(404, 'CONVERSATION_NOT_FOUND'));
    deliver(3);
    await settle();
    expect(queries).toHaveLength(2);
    expect(errors).toHaveLength(1);
  });

  it('fetches messages whose events it missed when it catches up', async () => {
    const { view, write, announced, settle } = viewOn(1);
    await view.open(5);
    write();
    write();
    view.catchUp();
    await settle();
    expect(announced).toEqual([2, 3]);
    view.catchUp();
    await settle();
    expect(announced).toEqual([2, 3]);
  });

  it('catches up to the end of the log over several pages', async () => {
    const { view, write, announced, settle } = viewOn(1);
    await view.open(5);
    for (let number = 0; number < 250; number += 1) write();
    view.catchUp();
    await settle();
    expect(announced).toHaveLength(250);
  });

  it('finds changes of earlier messages, which the fetched pages do not contain', async () => {
    const { view, write, edit, announced, changed, seqs, settle } = viewOn(5);
    await view.open(3);
    write();
    edit(4, 'edited');
    edit(1, 'not loaded');
    edit(6, 'edited before it was seen');
    view.catchUp();
    await settle();
    expect(announced).toEqual([6]);
    expect(changed).toMatchObject([{ seq: 4, text: 'edited', updatedSeq: 7 }]);
    expect(messagesOf(view.timeline).at(-1)).toMatchObject({ seq: 6, text: 'edited before it was seen' });
    expect(seqs()).toEqual([3, 4, 5, 6]);
    expect(view.position).toBe(9);
  });

  it('retries the search for changes when no answer comes', async () => {
    const { view, edit, failures, changed, settle } = viewOn(250);
    await view.open(100);
    await view.loadOlder(100);
    edit(60, 'edited');
    edit(240, 'edited');
    failures.push('network');
    view.catchUp();
    await vi.advanceTimersByTimeAsync(0);
    failures.push('network', refusal(503, 'SERVICE_BUSY', { retryable: true }));
    await settle();
    expect(changed.map(({ seq }) => seq).sort()).toEqual([240, 60]);
  });

  it('announces changes of loaded messages only', async () => {
    const { view, announced, changed } = viewOn(8);
    await view.open(3);
    const change = (seq: number, entry: number) =>
      view.add([
        { seq: entry, message: { ...(messageEvent('c', seq).data as Message), text: 'new', updatedSeq: entry } },
      ]);
    change(7, 9);
    change(2, 10);
    change(7, 9);
    expect(changed).toMatchObject([{ seq: 7, text: 'new' }]);
    expect(announced).toEqual([]);
    view.add([
      {
        seq: 11,
        reactions: {
          conversationId: 'c',
          messageSeq: 8,
          updatedSeq: 11,
          reactions: [{ emoji: '👍', userIds: ['bob'] }],
        },
      },
    ]);
    expect(changed.at(-1)).toMatchObject({ seq: 8, updatedSeq: 11, reactions: [{ emoji: '👍' }] });
  });

  it('announces an edit when reactions with its seq arrived first', async () => {
    const { view, edit, deliver, log, changed } = viewOn(3);
    await view.open(3);
    edit(2, 'edited');
    const reactions = [{ emoji: '👍', userIds: ['bob'] }];
    view.add([{ reactions: { conversationId: 'c', messageSeq: 2, updatedSeq: 4, reactions } }]);
    expect(changed.at(-1)).toMatchObject({ seq: 2, text: 'message 2', reactions });
    view.add([{ seq: 4, message: { ...(log[1] as Message), reactions } }]);
    expect(changed.at(-1)).toMatchObject({ seq: 2, text: 'edited', reactions });
    deliver(2);
    expect(changed).toHaveLength(2);
  });

  it('does not wait for expired messages', async () => {
    const { view, write, deliver, expired, announced, settle } = viewOn(2);
    await view.open(5);
    for (let number = 0; number < 5; number += 1) write();
    expired.through = 5;
    deliver(7);
    await settle();
    expect(announced).toEqual([6, 7]);
  });

  it('loads older messages until the beginning of the log', async () => {
    const { view, seqs, announced } = viewOn(7);
    await view.open(3);
    expect(await view.loadOlder(3)).toBe(true);
    expect(seqs()).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await view.loadOlder(3)).toBe(true);
    expect(await view.loadOlder(3)).toBe(false);
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(announced).toEqual([]);
  });

  it('fetches nothing after it is closed', async () => {
    const { view, write, deliver, queries, settle } = viewOn(1);
    await view.open(5);
    write();
    write();
    deliver(3);
    view.close();
    await settle();
    expect(queries).toHaveLength(1);
  });
});

it('announces every message once and in order when events are lost, repeated or overtaken', async () => {
  const step = fc.record({
    writes: fc.integer({ min: 0, max: 4 }),
    deliveries: fc.array(fc.nat(), { maxLength: 6 }),
    waitMs: fc.constantFrom(0, 100, 500),
    fails: fc.boolean(),
    catchesUp: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 6 }), fc.array(step, { maxLength: 12 }), async (before, steps) => {
      const { view, write, deliver, failures, announced, settle } = viewOn(before);
      await view.open(3);
      let length = before;
      for (const { writes, deliveries, waitMs, fails, catchesUp } of steps) {
        for (let number = 0; number < writes; number += 1) write();
        length += writes;
        if (fails) failures.push('network');
        for (const delivery of deliveries) if (length > 0) deliver((delivery % length) + 1);
        if (catchesUp) view.catchUp();
        await vi.advanceTimersByTimeAsync(waitMs);
      }
      view.catchUp();
      await settle();
      expect(announced).toEqual(Array.from({ length: length - before }, (_, index) => before + index + 1));
      view.close();
    }),
    { numRuns: 150 },
  );
});
