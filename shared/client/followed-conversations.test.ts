import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReactionOutcome } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';
import { FollowedConversations } from './followed-conversations.ts';
import type { CallRoute } from './http.ts';
import type { PendingMessage } from './pending-message.ts';
import { serverEventOf } from './server-event.ts';
import { messageEvent } from './socket-test-builders.ts';
import { messagesOf } from './timeline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function conversationOf(length: number) {
  const log = Array.from({ length }, (_, index) => messageEvent('c', index + 1).data as Message);
  const connection = { isConnected: true };
  let held: Promise<void> = Promise.resolve();
  const queries: { after?: number }[] = [];
  const call = async (_route: unknown, request: { query: { after?: number; limit: number } }) => {
    queries.push(request.query);
    const items = log.filter(({ seq }) => seq > (request.query.after ?? 0)).slice(-request.query.limit);
    await held;
    const after = (items[0]?.seq ?? 1) - 1;
    const covers = { after: request.query.after ?? after, through: items.at(-1)?.seq ?? request.query.after ?? 0 };
    return { ok: true, status: 200, body: { items, nextCursor: null, covers } };
  };
  const announced: number[] = [];
  const conversations = new FollowedConversations({
    ownUserId: 'alice',
    call: call as unknown as CallRoute,
    isConnected: () => connection.isConnected,
    onChange: () => undefined,
    onMessage: ({ seq }) => announced.push(seq),
    onChangedMessage: () => undefined,
    onError: () => undefined,
  });
  const write = (): void => void log.push(messageEvent('c', log.length + 1).data as Message);
  const openSlowly = () => {
    let arrive: () => void = () => undefined;
    held = new Promise((resolve) => {
      arrive = resolve;
    });
    const opened = conversations.open('c', 50);
    return async () => {
      arrive();
      await opened;
      await vi.advanceTimersByTimeAsync(1000);
    };
  };
  return { conversations, connection, queries, announced, write, openSlowly };
}

describe('opening a conversation', () => {
  it('fetches one page on an open connection', async () => {
    const { openSlowly, queries, conversations } = conversationOf(3);
    await openSlowly()();
    expect(queries).toHaveLength(1);
    expect(conversations.positions()).toEqual({ c: 3 });
  });

  it('misses no message between its page and a connection that opens in the meantime', async () => {
    const { openSlowly, connection, conversations, write, announced } = conversationOf(3);
    connection.isConnected = false;
    const arrive = openSlowly();
    write();
    expect(conversations.positions()).toEqual({});
    connection.isConnected = true;
    await arrive();
    conversations.synchronised(true);
    expect(announced).toEqual([4]);
  });

  it('misses no message before a connection that opens later', async () => {
    const { openSlowly, connection, conversations, write, announced } = conversationOf(3);
    connection.isConnected = false;
    const arrive = openSlowly();
    expect(conversations.positions()).toEqual({});
    await arrive();
    write();
    connection.isConnected = true;
    conversations.synchronised(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(announced).toEqual([4]);
  });

  it('misses no message when another connection takes over in the meantime', async () => {
    const { openSlowly, conversations, write, announced } = conversationOf(3);
    const arrive = openSlowly();
    write();
    conversations.positions();
    await arrive();
    expect(announced).toEqual([4]);
  });
});

describe('a connection', () => {
  it('needs no fetch when it resumed completely', async () => {
    const { openSlowly, conversations, queries } = conversationOf(3);
    await openSlowly()();
    conversations.positions();
    conversations.synchronised(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(queries).toHaveLength(1);
  });

  it('leads to a fetch when it resumed incompletely', async () => {
    const { openSlowly, conversations, write, announced, queries } = conversationOf(3);
    await openSlowly()();
    conversations.positions();
    write();
    conversations.synchronised(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(announced).toEqual([4]);
    expect(queries.at(-1)).toMatchObject({ after: 3 });
  });

  it('delivers events to open conversations only', async () => {
    const { openSlowly, conversations, announced } = conversationOf(3);
    await openSlowly()();
    for (const frame of [messageEvent('c', 4), messageEvent('other', 1)]) {
      const event = serverEventOf(frame);
      if (event !== undefined) conversations.apply(event);
    }
    expect(announced).toEqual([4]);
    expect(conversations.view('other')).toBeUndefined();
    conversations.unfollow('c');
    expect(conversations.positions()).toEqual({});
  });

  it('advances positions past entries that the client does not understand', async () => {
    const { openSlowly, conversations, announced } = conversationOf(3);
    await openSlowly()();
    const unknown = serverEventOf({ ...messageEvent('c', 4), type: 'novelty.invented' });
    const next = serverEventOf(messageEvent('c', 5));
    for (const event of [next, unknown]) if (event !== undefined) conversations.apply(event);
    expect(announced).toEqual([5]);
    const view = conversations.view('c');
    expect(view && messagesOf(view.timeline).map(({ seq }) => seq)).toEqual([1, 2, 3, 5]);
  });
});

describe('an acknowledgement', () => {
  const unreact = { kind: 'reaction', seq: 2, emoji: '👍', added: false } as const;
  const answerTo = (change: Partial<ReactionOutcome>) => ({
    ok: true as const,
    reactions: { conversationId: 'c', messageSeq: 2, updatedSeq: 4, reactions: [], ...change },
  });
  const pending = { conversationId: 'c', task: unreact } as unknown as PendingMessage;

  it('adds its entry when it contains a seq', async () => {
    const { openSlowly, conversations } = conversationOf(3);
    await openSlowly()();
    conversations.addStored(answerTo({ seq: 4, reactions: [{ emoji: '🎉', userIds: ['bob'] }] }), pending);
    expect(conversations.positions()).toEqual({ c: 4 });
    const view = conversations.view('c');
    expect(view && messagesOf(view.timeline)[1]?.reactions).toEqual([{ emoji: '🎉', userIds: ['bob'] }]);
  });

  it('adds no entry when it contains only the current reactions', async () => {
    const { openSlowly, conversations } = conversationOf(3);
    await openSlowly()();
    conversations.addStored(answerTo({}), pending);
    expect(conversations.positions()).toEqual({ c: 3 });
  });
});
