import { expect } from 'vitest';
import { groupCalls } from '../groups/group-calls.ts';
import type { Cast } from '../people.ts';
import type { CrashWorld } from './crash-world.ts';
import { persist } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';

/** Changes a role, each time in a group of its own. The people are of a tenant of their own. */
export function changeRole(
  world: CrashWorld,
  { alice, bob }: Cast,
): CrashOperation<{ readonly id: string; readonly systemMessages: number }> {
  const groups = groupCalls(world.test);
  return {
    name: 'change a role',
    functions: ['groups'],
    prepare: async () => {
      const id = await groups.started(alice, [bob]);
      return { id, systemMessages: (await groups.systemMessages(alice, id)).length };
    },
    attempt: async ({ id }) => {
      const answer = await persist(() => groups.role(alice, id, bob.userId, 'admin'));
      expect(answer.status, answer.text).toBe(200);
    },
    check: async ({ id, systemMessages }) => {
      expect(groups.roles(await groups.get(bob, id))).toMatchObject({ [bob.userId]: 'admin' });
      // It is told once, however often it was tried.
      expect(await groups.systemMessages(alice, id)).toHaveLength(systemMessages + 1);
    },
  };
}
