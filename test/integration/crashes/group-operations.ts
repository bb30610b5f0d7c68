import { ulid } from 'ulid';
import { expect } from 'vitest';
import { ask, type CrashWorld, syntheticUser } from './crash-world.ts';
import { persist } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';

/** Operations on groups. What they say is a system message in the group's log: once, however often it had to be asked for. */

export function startGroup(world: CrashWorld) {
  const start = (body: object) => ask(world, world.alice, 'POST', '/api/v1/conversations', body);
  return {
    name: 'start a group',
    functions: ['conversations'],
    prepare: async () => {
      const participants = [{ userId: await syntheticUser(world) }, { userId: await syntheticUser(world) }];
      return { body: { kind: 'group', name: 'Crew', participants, clientConversationId: ulid() }, id: '' };
    },
    attempt: async (state) => {
      const answer = await persist(() => start(state.body));
      expect([200, 201], answer.text).toContain(answer.status);
      expect(answer.body.participants).toHaveLength(3);
      state.id = answer.body.id;
    },
    check: async ({ body, id }) => {
      expect(await start(body)).toMatchObject({ status: 200, body: { id, lastSeq: 1 } });
    },
  } satisfies CrashOperation<{ readonly body: object; id: string }>;
}

const path = (world: CrashWorld, rest = '') => `/api/v1/conversations/${world.group}${rest}`;

interface SystemMessage {
  readonly kind: string;
  readonly userIds?: readonly string[];
}

/** What the group's timeline says of somebody, newest first. */
async function systemMessagesOf(world: CrashWorld, userId: string): Promise<readonly string[]> {
  const answer = await ask(world, world.alice, 'GET', path(world, '/messages?limit=10'));
  return (answer.body.items as { readonly system?: SystemMessage }[])
    .flatMap(({ system }) => (system?.userIds?.includes(userId) === true ? [system.kind] : []))
    .reverse();
}

async function peopleOf(world: CrashWorld): Promise<readonly string[]> {
  const answer = await ask(world, world.alice, 'GET', path(world));
  return (answer.body.participants as { readonly userId: string }[]).map(({ userId }) => userId);
}

export function addToGroup(world: CrashWorld): CrashOperation<string> {
  return {
    name: 'add to a group',
    functions: ['groups'],
    prepare: () => syntheticUser(world),
    attempt: async (userId) => {
      const body = { participants: [{ userId }] };
      const answer = await persist(() => ask(world, world.alice, 'POST', path(world, '/participants'), body));
      expect(answer.status, answer.text).toBe(200);
    },
    check: async (userId) => {
      expect(await peopleOf(world)).toContain(userId);
      expect(await systemMessagesOf(world, userId)).toEqual(['joined']);
    },
  };
}

export function removeFromGroup(world: CrashWorld): CrashOperation<string> {
  return {
    name: 'remove from a group',
    functions: ['groups'],
    prepare: async () => {
      const userId = await syntheticUser(world);
      const body = { participants: [{ userId }] };
      const answer = await ask(world, world.alice, 'POST', path(world, '/participants'), body);
      expect(answer.status, answer.text).toBe(200);
      return userId;
    },
    attempt: async (userId) => {
      const answer = await persist(() => ask(world, world.alice, 'DELETE', path(world, `/participants/${userId}`)));
      expect(answer.status, answer.text).toBe(204);
    },
    check: async (userId) => {
      expect(await peopleOf(world)).not.toContain(userId);
      expect(await systemMessagesOf(world, userId)).toEqual(['removed', 'joined']);
    },
  };
}

let names = 0;

export function renameGroup(world: CrashWorld): CrashOperation<string> {
  return {
    name: 'rename a group',
    functions: ['groups'],
    prepare: async () => `Crew ${(names += 1)}`,
    attempt: async (name) => {
      const answer = await persist(() => ask(world, world.alice, 'PATCH', path(world), { name }));
      expect(answer, answer.text).toMatchObject({ status: 200, body: { name } });
    },
    check: async (name) => {
      expect((await ask(world, world.alice, 'GET', path(world))).body.name).toBe(name);
    },
  };
}
