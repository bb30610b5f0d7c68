import { ulid } from 'ulid';
import { expect } from 'vitest';
import type { HttpAnswer, RawSocket } from '../raw-client.ts';
import { ask, type CrashWorld, newMessage } from './crash-world.ts';
import { complaintOf } from './messaging-operations.ts';
import { persist, persistFrame } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';

/** Operations that change a message: each is tried on a message of its own, over HTTP by Alice, by frames by Bob. */

interface Changed {
  readonly seq: number;
  readonly clientMessageId: string;
  /** Frames before the attempt. */
  readonly after: number;
}

interface Change {
  readonly name: string;
  readonly method: 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: (changed: Changed) => object;
  readonly action: string;
  readonly data: (changed: Changed) => object;
  /** Done before the attempt, without a fault. */
  readonly before?: { readonly method: 'PUT'; readonly path: string };
  /** What the message is afterwards, and how many versions there are of it. */
  readonly expected: (userId: string) => object;
  readonly versions: number;
}

const emoji = '👍';
const reactionPath = `/reactions/${encodeURIComponent(emoji)}`;
const newText = 'not what it was';

const changes = {
  edit: {
    name: 'edit',
    method: 'PATCH',
    path: '',
    body: ({ clientMessageId }) => ({ text: newText, clientMessageId }),
    action: 'message.edit',
    data: ({ clientMessageId }) => ({ text: newText, clientMessageId }),
    expected: () => ({ text: newText, editedAt: expect.any(String) }),
    versions: 2,
  },
  delete: {
    name: 'delete',
    method: 'DELETE',
    path: '',
    action: 'message.delete',
    data: () => ({}),
    expected: () => ({ deletedAt: expect.any(String), text: undefined }),
    versions: 0,
  },
  react: {
    name: 'react',
    method: 'PUT',
    path: reactionPath,
    action: 'reaction.add',
    data: () => ({ emoji }),
    expected: (userId) => ({ reactions: [{ emoji, userIds: [userId] }] }),
    versions: 1,
  },
  takeBack: {
    name: 'take a reaction back',
    method: 'DELETE',
    path: reactionPath,
    action: 'reaction.remove',
    data: () => ({ emoji }),
    before: { method: 'PUT', path: reactionPath },
    expected: () => ({ reactions: undefined }),
    versions: 1,
  },
} as const satisfies Readonly<Record<string, Change>>;

type ChangeName = keyof typeof changes;
export const changeNames = Object.keys(changes) as readonly ChangeName[];

export function changeOverHttp(world: CrashWorld, kind: ChangeName): CrashOperation<Changed> {
  const change: Change = changes[kind];
  return {
    name: `${change.name} over HTTP`,
    functions: ['message-changes'],
    prepare: () => messageToChange(world, 'alice', change),
    attempt: async (changed) => {
      const path = messagePath(world, changed) + change.path;
      expectSuccess(await persist(() => ask(world, world.alice, change.method, path, change.body?.(changed))));
    },
    check: (changed) => checkMessage(world, 'alice', change, changed),
  };
}

export function changeOverSocket(world: CrashWorld, kind: ChangeName): CrashOperation<Changed> {
  const change: Change = changes[kind];
  const socket: RawSocket = world.bobSocket;
  return {
    name: `${change.name} over the socket`,
    functions: ['socket-action'],
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
}

function messagePath({ conversation }: CrashWorld, { seq }: Pick<Changed, 'seq'>): string {
  return `/api/v1/conversations/${conversation}/messages/${seq}`;
}

async function messageToChange(world: CrashWorld, who: 'alice' | 'bob', { before }: Change): Promise<Changed> {
  const body = newMessage();
  const sent = await ask(world, world[who], 'POST', `/api/v1/conversations/${world.conversation}/messages`, body);
  expectSuccess(sent);
  world.acknowledged.add(body.clientMessageId);
  const changed = { seq: sent.body.seq as number, clientMessageId: ulid(), after: 0 };
  if (before !== undefined) {
    expectSuccess(await ask(world, world[who], before.method, messagePath(world, changed) + before.path));
  }
  return changed;
}

async function checkMessage(world: CrashWorld, who: 'alice' | 'bob', change: Change, changed: Changed): Promise<void> {
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
