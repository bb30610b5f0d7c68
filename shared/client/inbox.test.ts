import { expect, it, vi } from 'vitest';
import type { Conversation } from '../contract/schemas/conversation.ts';
import { ChatStore } from './chat-store.ts';
import type { CallRoute } from './http.ts';
import { Inbox } from './inbox.ts';
import { isCertain } from './inbox-rules.ts';
import type { ServerEvent } from './server-event.ts';

const me = 'alice';
const conversationWith = (unreadCount: number): Conversation => ({
  ...{ id: 'c', kind: 'direct', lastSeq: 4, unreadCount, createdAt: '', updatedAt: '' },
  participants: [{ userId: me, role: 'member', deliveredSeq: 4, readSeq: 4 }],
});
const receiptWith = (unreadCount: number): ServerEvent => ({
  ...{ type: 'receipt.updated', conversationId: 'c', at: '' },
  data: { receipts: [{ userId: me, deliveredSeq: 4, readSeq: 4 }], unreadCount, lastSeq: 4 },
});

it('fetches a conversation again when a count arrives during the request', async () => {
  vi.useFakeTimers();
  const store = new ChatStore(me, () => undefined);
  const answers: ((conversation: Conversation) => void)[] = [];
  const call = ((): Promise<unknown> =>
    new Promise((resolve) => {
      answers.push((body) => resolve({ ok: true, status: 200, body }));
    })) as CallRoute;
  const inbox = new Inbox({
    ...{ ownUserId: me, call, entries: () => store.state.inbox },
    onConversations: (conversations) => store.addConversations(conversations),
    onGone: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const entry = () => {
    const inboxEntry = store.state.inbox['c'];
    if (inboxEntry === undefined) throw new Error('The conversation is gone');
    return { certain: isCertain(inboxEntry, me), unread: inboxEntry.base.unreadCount };
  };
  store.addConversations([conversationWith(0)]);
  store.apply(receiptWith(2));
  inbox.check();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answers).toHaveLength(1);

  store.apply(receiptWith(3));
  answers[0]?.(conversationWith(2));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(entry()).toEqual({ certain: false, unread: 0 });
  expect(answers).toHaveLength(2);
  answers[1]?.(conversationWith(3));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(entry()).toEqual({ certain: true, unread: 3 });
  expect(answers).toHaveLength(2);
  inbox.close();
  vi.useRealTimers();
});
