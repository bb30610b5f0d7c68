import { describe, expect, it } from 'vitest';
import { refusal } from './http-test-builders.ts';
import type { CallRoute } from './http.ts';
import type { OutgoingTask } from './outgoing-task.ts';
import type { PendingMessage } from './pending-message.ts';
import { createSender } from './sender.ts';
import { FrameTooLargeError } from './socket-link.ts';
import { messageEvent } from './socket-test-builders.ts';

const pendingOf = (task: OutgoingTask): PendingMessage => ({
  localId: 'l',
  clientMessageId: 'm',
  conversationId: 'c',
  task,
  writtenAt: 0,
  order: 1,
  state: 'sending',
  uncertain: false,
});

const tasks: readonly [string, OutgoingTask][] = [
  ['a message', { kind: 'message', message: { type: 'text', text: 'Hi' } }],
  ['an edit', { kind: 'edit', seq: 1, text: 'Hi' }],
  ['a deletion', { kind: 'deletion', seq: 1 }],
  ['a reaction', { kind: 'reaction', seq: 1, emoji: '👍', added: true }],
];
const reactions = { messageSeq: 1, updatedSeq: 2, seq: 2, reactions: [] };
const answerTo = ({ kind }: OutgoingTask): unknown => (kind === 'reaction' ? reactions : messageEvent('c', 1).data);

function senderOn(answer: unknown, failure?: Error) {
  const transports: string[] = [];
  const send = createSender({
    isConnected: () => true,
    request: async () => {
      transports.push('socket');
      if (failure !== undefined) throw failure;
      return { ok: true, data: answer } as never;
    },
    call: (async () => {
      transports.push('http');
      return { ok: true, status: 200, body: answer };
    }) as unknown as CallRoute,
  });
  return { send, transports };
}

describe.each(tasks)('%s', (_label, task) => {
  it('is sent over HTTP when it does not fit into a frame', async () => {
    const { send, transports } = senderOn(answerTo(task), new FrameTooLargeError());
    expect(await send(pendingOf(task))).toMatchObject({ ok: true });
    expect(transports).toEqual(['socket', 'http']);
  });

  it('is sent over HTTP when the connection was displaced', async () => {
    const transports: string[] = [];
    const problem = refusal(429, 'TOO_MANY_CONNECTIONS', { retryable: true, retryAfterMs: 300_000 });
    const send = createSender({
      isConnected: () => true,
      request: async () => ({ ok: false, problem }),
      call: (async () => {
        transports.push('http');
        return { ok: true, status: 200, body: answerTo(task) };
      }) as unknown as CallRoute,
    });
    expect(await send(pendingOf(task))).toMatchObject({ ok: true });
    expect(transports).toEqual(['http']);
  });

  it('is sent over the socket otherwise, and not over HTTP after a failure', async () => {
    const { send, transports } = senderOn(answerTo(task), new Error('closed'));
    await expect(send(pendingOf(task))).rejects.toThrow('closed');
    expect(transports).toEqual(['socket']);
  });

  it.each([{}, [], null, 'ok', { seq: '1' }])('treats the body %j as no answer', async (answer) => {
    const { send } = senderOn(answer);
    await expect(send(pendingOf(task))).rejects.toMatchObject({ failure: 'not-understood' });
  });
});
