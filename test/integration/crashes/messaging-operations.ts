import { expect } from 'vitest';
import type { Frame, RawSocket } from '../raw-client.ts';
import { ask, type CrashWorld, newMessage, syntheticUser } from './crash-world.ts';
import { isComplaintSince, persist, persistFrame } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';
import type { CrashPoint } from './trap.ts';

/** Operations on conversations and their messages, over HTTP and frames. */

export function sendOverHttp(world: CrashWorld): CrashOperation<ReturnType<typeof newMessage>> {
  return {
    name: 'send over HTTP',
    functions: ['messages'],
    prepare: async () => newMessage(),
    attempt: async (body) => {
      const path = `/api/v1/conversations/${world.conversation}/messages`;
      const answer = await persist(() => ask(world, world.alice, 'POST', path, body));
      expect([200, 201], answer.text).toContain(answer.status);
      expect(answer.body.clientMessageId).toBe(body.clientMessageId);
      world.acknowledged.add(body.clientMessageId);
    },
  };
}

export function sendOverSocket(world: CrashWorld) {
  return {
    name: 'send over the socket',
    functions: ['socket-message'],
    prepare: async () => ({ body: newMessage(), after: world.bobSocket.frames.length }),
    attempt: async ({ body }) => {
      const data = { conversationId: world.conversation, ...body };
      const answer = await persistFrame(world.bobSocket, 'message.send', data);
      expect(answer).toMatchObject({ type: 'ack', data: { clientMessageId: body.clientMessageId } });
      world.acknowledged.add(body.clientMessageId);
    },
    check: ({ after }, point) => complaintOf(world.bobSocket, after, point),
  } satisfies CrashOperation<{ readonly body: ReturnType<typeof newMessage>; readonly after: number }>;
}

/** Awaits what API Gateway says of a function that died, lest it be taken for an answer to the next frame. */
export async function complaintOf(socket: RawSocket, after: number, point: CrashPoint | undefined): Promise<void> {
  if (point?.fault === 'kill-before' || point?.fault === 'kill-after') {
    await socket.frame((frame) => isComplaintSince(socket, after, frame));
  }
}

export function sayHello(world: CrashWorld): CrashOperation<number> {
  return {
    name: 'hello',
    functions: ['socket-action'],
    prepare: async () => world.aliceSocket.frames.length,
    attempt: async () => {
      const resume = { [world.conversation]: 0 };
      const seqs = new Set<number>();
      const answer = await persistFrame(world.aliceSocket, 'hello', { resume }, async (_answer, socket, after) => {
        // The last page, or API Gateway's complaint that there will be none.
        const last = await socket.frame(
          (frame) => isComplaintSince(socket, after, frame) || isLastPage(socket, after, frame),
        );
        for (const page of socket.frames.slice(after).filter((frame) => frame.type === 'sync.page')) {
          // Receipts come along, and lie in no log.
          for (const { seq } of page.data.events) if (seq !== undefined) seqs.add(seq);
        }
        return last.type === 'sync.page';
      });
      expect(answer).toMatchObject({ type: 'welcome' });
      expect([...seqs].sort((one, other) => one - other)).toEqual([...seqs].map((_, index) => index + 1));
      expect(seqs.size).toBeGreaterThanOrEqual(world.acknowledged.size);
    },
    check: (after, point) => complaintOf(world.aliceSocket, after, point),
  };
}

function isLastPage(socket: RawSocket, after: number, frame: Frame): boolean {
  return frame.type === 'sync.page' && frame.data.complete === true && socket.frames.indexOf(frame) >= after;
}

export function startConversation(world: CrashWorld) {
  const start = (userId: string) =>
    ask(world, world.alice, 'POST', '/api/v1/conversations', { kind: 'direct', userId });
  return {
    name: 'start a conversation',
    functions: ['conversations'],
    prepare: async () => ({ userId: await syntheticUser(world), id: '' }),
    attempt: async (state) => {
      const answer = await persist(() => start(state.userId));
      expect([200, 201], answer.text).toContain(answer.status);
      state.id = answer.body.id;
    },
    check: async ({ userId, id }) => {
      expect(await start(userId)).toMatchObject({ status: 200, body: { id } });
    },
  } satisfies CrashOperation<{ readonly userId: string; id: string }>;
}
