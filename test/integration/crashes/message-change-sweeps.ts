import { ulid } from 'ulid';
import { expect } from 'vitest';
import type { HttpAnswer } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { complaintOf, persist, persistFrame } from './persistence.ts';
import type { CrashScript } from './sweep.ts';

// Each sweep changes a new message: over HTTP as Alice, in frames as Bob.

export interface ChangedMessage {
  readonly seq: number;
  readonly clientMessageId: string;
  readonly after: number;
}

export interface MessageChange {
  readonly method: 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: (changed: ChangedMessage) => object;
  readonly action: string;
  readonly data: (changed: ChangedMessage) => object;
  readonly before?: { readonly method: 'PUT'; readonly path: string };
  /** `versions` is a count; 0 if the message has none. */
  readonly expected: (userId: string) => object;
  readonly versions: number;
}

export const emoji = '👍';
export const reactionPath = `/reactions/${encodeURIComponent(emoji)}`;

export function changeOverHttp(change: MessageChange) {
  return (world: CrashWorld): CrashScript<ChangedMessage> => ({
    prepare: () => messageToChange(world, 'alice', change),
    attempt: async (changed) => {
      const path = messagePath(world, changed) + change.path;
      expectSuccess(await persist(() => ask(world, world.alice, change.method, path, change.body?.(changed))));
    },
    check: (changed) => checkMessage(world, 'alice', change, changed),
  });
}

export function changeInFrame(change: MessageChange) {
  return (world: CrashWorld): CrashScript<ChangedMessage> => {
    const socket = world.bobSocket;
    return {
      prepare: async () => ({ ...(await messageToChange(world, 'bob', change)), after: socket.frames.length }),
      attempt: async (changed) => {
        const data = { conversationId: world.conversation, seq: changed.seq, ...change.data(changed) };
        const answer = await persistFrame(socket, change.action, data);
        expect(answer, JSON.stringify(answer)).toMatchObject({ type: 'ack' });
      },
      check: async (changed, point) => {
        await complaintOf(socket, changed.after, point);
        await checkMessage(world, 'bob', change, changed);
      },
    };
  };
}

function messagePath({ conversation }: CrashWorld, { seq }: Pick<ChangedMessage, 'seq'>): string {
  return `/api/v1/conversations/${conversation}/messages/${seq}`;
}

export async function sentMessage(world: CrashWorld, who: 'alice' | 'bob'): Promise<number> {
  const body = newMessage();
  const sent = await ask(world, world[who], 'POST', `/api/v1/conversations/${world.conversation}/messages`, body);
  expectSuccess(sent);
  world.acknowledged.add(body.clientMessageId);
  return sent.body.seq as number;
}

async function messageToChange(
  world: CrashWorld,
  who: 'alice' | 'bob',
  { before }: MessageChange,
): Promise<ChangedMessage> {
  const changed = { seq: await sentMessage(world, who), clientMessageId: ulid(), after: 0 };
  if (before !== undefined) {
    expectSuccess(await ask(world, world[who], before.method, messagePath(world, changed) + before.path));
  }
  return changed;
}

async function checkMessage(
  world: CrashWorld,
  who: 'alice' | 'bob',
  change: MessageChange,
  changed: ChangedMessage,
): Promise<void> {
  const message = await ask(world, world[who], 'GET', messagePath(world, changed));
  expectSuccess(message);
  for (const [name, value] of Object.entries(change.expected(world[who].userId))) {
    expect(message.body[name], name).toEqual(value);
  }
  if (change.versions === 0) return;
  const versions = await ask(world, world[who], 'GET', `${messagePath(world, changed)}/versions`);
  expectSuccess(versions);
  expect(versions.body.items).toHaveLength(change.versions);
}

function expectSuccess(answer: HttpAnswer): void {
  expect([200, 201], answer.text).toContain(answer.status);
}
