import { expect } from 'vitest';
import { changeParticipant } from '../../shared/contract/groups/participants.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { groupCalls } from '../integration/groups/group-calls.ts';
import { groupSlot, inGroup, strangersSlot } from '../integration/matrix/group-slots.ts';
import { absent } from '../integration/matrix/request-cases.ts';
import { groupProblems, onBob } from '../integration/problems/group-provocations.ts';
import * as replay from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const asMember = (userId: string) => ({ params: { userId }, body: { role: 'member' } });

export const card = defineCard(changeParticipant, {
  matrix: {
    own: (caller) => inGroup(caller, asMember(caller.home?.bob.userId ?? ''), { status: 200 }),
    slots: {
      'path.conversationId': groupSlot(({ person }) => asMember(person.userId)),
      'path.userId': strangersSlot('path.userId', absent(404, 'USER_NOT_FOUND'), asMember),
    },
  },
  goodRequest: (stage) => ({ ...onBob(stage), body: { role: 'admin' } }),
  problems: {
    ...groupProblems,
    'user-not-found': {
      provoke: ({ group, stranger }, { send }) => send({ params: { conversationId: group, userId: stranger.userId } }),
      pointers: ['/path/userId'],
    },
  },
  crash: {
    sweeps: {
      'change a role': (world: CrashWorld): CrashScript<{ readonly id: string; readonly systemMessages: number }> => {
        const groups = groupCalls(world.test);
        const { alice, bob } = world.presence;
        return {
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
            expect(await groups.systemMessages(alice, id)).toHaveLength(systemMessages + 1);
          },
        };
      },
    },
  },
  replay: replay.inGroup('PATCH', replay.pathOfDan, () => ({ role: 'admin' })),
  walk: async (scene) => {
    const [{ from, to }, { id }] = await Promise.all([scene.audience(), scene.group()]);
    const path = `/api/v1/conversations/${id}/participants/${to.userId}`;
    await scene.answer(200, 'PATCH', path, from, { role: 'admin' });
  },
});
