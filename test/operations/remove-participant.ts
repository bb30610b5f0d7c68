import { expect } from 'vitest';
import { removeParticipant } from '../../shared/contract/groups/participants.ts';
import { ask, type CrashWorld, syntheticUser } from '../integration/crashes/crash-world.ts';
import { groupPath, participantsOf, systemMessagesOf } from '../integration/crashes/group-timeline.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { groupSlot, inGroup, strangersSlot } from '../integration/matrix/group-slots.ts';
import { groupProblems, onBob } from '../integration/problems/group-provocations.ts';
import * as replay from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const removed = (userId: string) => ({ params: { userId } });

export const card = defineCard(removeParticipant, {
  matrix: {
    own: (caller) => inGroup(caller, removed(caller.home?.carol.userId ?? ''), { status: 204 }),
    slots: {
      'path.conversationId': groupSlot(() => removed('me')),
      // Removing a non-participant succeeds.
      'path.userId': strangersSlot('path.userId', { status: 204, alike: 'absent' }, removed),
    },
  },
  goodRequest: onBob,
  problems: groupProblems,
  crash: {
    sweeps: {
      'remove from a group': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => {
          const userId = await syntheticUser(world);
          const body = { participants: [{ userId }] };
          const answer = await ask(world, world.alice, 'POST', groupPath(world, '/participants'), body);
          expect(answer.status, answer.text).toBe(200);
          return userId;
        },
        attempt: async (userId) => {
          const path = groupPath(world, `/participants/${userId}`);
          const answer = await persist(() => ask(world, world.alice, 'DELETE', path));
          expect(answer.status, answer.text).toBe(204);
        },
        check: async (userId) => {
          expect(await participantsOf(world)).not.toContain(userId);
          expect(await systemMessagesOf(world, userId)).toEqual(['removed', 'joined']);
        },
      }),
    },
  },
  replay: replay.inGroup('DELETE', replay.pathOfDan),
  walk: async (scene) => {
    const [{ from }, { id, third }] = await Promise.all([scene.audience(), scene.group()]);
    const participants = `/api/v1/conversations/${id}/participants`;
    await scene.answer(200, 'POST', participants, from, { participants: [{ userId: third.userId }] });
    await scene.answer(204, 'DELETE', `${participants}/${third.userId}`, from);
  },
});
