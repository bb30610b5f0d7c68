import { expect } from 'vitest';
import { ask, type CrashWorld, newMessage } from './crash-world.ts';
import { complaintOf } from './messaging-operations.ts';
import { persist, persistFrame } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';

/** Receipts and marks, over HTTP and frames. */

/** Has Alice write, and answers with the message's number. */
async function news(world: CrashWorld): Promise<number> {
  const body = newMessage();
  const answer = await ask(world, world.alice, 'POST', `/api/v1/conversations/${world.conversation}/messages`, body);
  expect(answer.status, answer.text).toBe(201);
  world.acknowledged.add(body.clientMessageId);
  return answer.body.seq as number;
}

const bobs = (world: CrashWorld) => ask(world, world.bob, 'GET', `/api/v1/conversations/${world.conversation}`);

export function read(world: CrashWorld): CrashOperation<number> {
  return {
    name: 'read',
    functions: ['receipts'],
    prepare: () => news(world),
    attempt: async (seq) => {
      const path = `/api/v1/conversations/${world.conversation}/receipts`;
      const answer = await persist(() => ask(world, world.bob, 'POST', path, { readSeq: seq }));
      expect(answer, answer.text).toMatchObject({ status: 200, body: { deliveredSeq: seq, readSeq: seq } });
    },
    check: async (seq) => {
      const { body } = await bobs(world);
      expect(body.unreadCount).toBe(0);
      expect(body.participants).toContainEqual(expect.objectContaining({ userId: world.bob.userId, readSeq: seq }));
    },
  };
}

export function markAsUnread(world: CrashWorld) {
  return {
    name: 'mark as unread over the socket',
    functions: ['socket-action'],
    prepare: async () => {
      const seq = await news(world);
      const path = `/api/v1/conversations/${world.conversation}/receipts`;
      await ask(world, world.bob, 'POST', path, { readSeq: seq });
      return { seq, after: world.bobSocket.frames.length };
    },
    attempt: async ({ seq }) => {
      const data = { conversationId: world.conversation, unreadFrom: seq };
      const answer = await persistFrame(world.bobSocket, 'receipt.update', data);
      expect(answer).toMatchObject({ type: 'ack', data: { readSeq: seq, unreadCount: 1 } });
    },
    check: async ({ after }, point) => {
      await complaintOf(world.bobSocket, after, point);
      expect((await bobs(world)).body.unreadCount).toBe(1);
    },
  } satisfies CrashOperation<{ readonly seq: number; readonly after: number }>;
}
