import { expect, it, vi } from 'vitest';
import type { Conversation } from '../contract/schemas/conversation.ts';
import { ChatStore } from './chat-store.ts';
import type { CallRoute } from './http.ts';
import { Inbox } from './inbox.ts';
import { isCertain } from './inbox-rules.ts';
import type { ServerEvent } from './server-event.ts';

const me = 'alice';
const told = (unreadCount: number): Conversation => ({
  ...{ id: 'c', kind: 'direct', lastSeq: 4, unreadCount, createdAt: '', updatedAt: '' },
  participants: [{ userId: me, role: 'member', deliveredSeq: 4, readSeq: 4 }],
});
const mark = (unreadCount: number): ServerEvent => ({
  ...{ type: 'receipt.updated', conversationId: 'c', at: '' },
  data: { receipts: [{ userId: me, deliveredSeq: 4, readSeq: 4 }], unreadCount, lastSeq: 4 },
});

it('an answer that was under way when a count came does not end the doubt', async () => {
  vi.useFakeTimers();
  const store = new ChatStore(me, () => undefined);
  const answers: ((conversation: Conversation) => void)[] = [];
  const call = ((): Promise<unknown> =>
    new Promise((resolve) => {
      answers.push((body) => resolve({ ok: true, status: 200, body }));
    })) as CallRoute;
  const inbox = new Inbox({
    ...{ ownUserId: me, call, entries: () => store.known.inbox },
    onConversations: (conversations) => store.conversations(conversations),
    onGone: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const entry = () => {
    const known = store.known.inbox['c'];
    if (known === undefined) throw new Error('The conversation is gone');
    return { certain: isCertain(known, me), unread: known.told.unreadCount };
  };
  store.conversations([told(0)]);
  store.event(mark(2));
  inbox.check();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answers).toHaveLength(1);

  store.event(mark(3));
  answers[0]?.(told(2));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(entry()).toEqual({ certain: false, unread: 0 });
  expect(answers).toHaveLength(2);
  answers[1]?.(told(3));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(entry()).toEqual({ certain: true, unread: 3 });
  expect(answers).toHaveLength(2);
  inbox.close();
  vi.useRealTimers();
});
