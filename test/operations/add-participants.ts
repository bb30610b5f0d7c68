import { ulid } from 'ulid';
import { expect } from 'vitest';
import { addParticipants } from '../../shared/contract/groups/participants.ts';
import { useLimits } from '../../shared/features/identity/attempt-limits.ts';
import { ask, type CrashWorld, syntheticUser } from '../integration/crashes/crash-world.ts';
import { groupPath, participantsOf, systemMessagesOf } from '../integration/crashes/group-timeline.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { groupSlot, inGroup, strangersSlot } from '../integration/matrix/group-slots.ts';
import { absent } from '../integration/matrix/request-cases.ts';
import { groupProblems, tooMany } from '../integration/problems/group-provocations.ts';
import { limited } from '../integration/problems/limit-provocations.ts';
import type { ProvokedOperation } from '../integration/problems/provocation.ts';
import * as replay from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const added = (userId: string) => ({ body: { participants: [{ userId }] } });

export const card = defineCard(addParticipants, {
  matrix: {
    own: (caller) => inGroup(caller, added(caller.home?.bob.userId ?? ''), { status: 200 }),
    slots: {
      'path.conversationId': groupSlot(({ person }) => added(person.userId)),
      'body.participants': strangersSlot('body.participants', absent(404, 'USER_NOT_FOUND'), added),
    },
  },
  goodRequest: ({ alice, group, stranger }) => ({
    by: alice,
    params: { conversationId: group },
    ...added(stranger.userId),
  }),
  problems: {
    ...groupProblems,
    'rate-limited': limited(
      useLimits.invitations,
      ({ alice }) => alice.userId,
      (_, { send }: ProvokedOperation) => send(),
    ),
    'user-not-found': {
      provoke: (_, { send }) => send(added(ulid())),
      pointers: ['/body/participants/0/userId'],
    },
    'group-full': { provoke: (stage, { send }) => send({ body: { participants: tooMany(stage) } }) },
  },
  crash: {
    sweeps: {
      'add to a group': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => syntheticUser(world),
        attempt: async (userId) => {
          const { body } = added(userId);
          const answer = await persist(() => ask(world, world.alice, 'POST', groupPath(world, '/participants'), body));
          expect(answer.status, answer.text).toBe(200);
        },
        check: async (userId) => {
          expect(await participantsOf(world)).toContain(userId);
          expect(await systemMessagesOf(world, userId)).toEqual(['joined']);
        },
      }),
    },
  },
  replay: replay.inGroup(
    'POST',
    () => '/participants',
    ({ dan }) => ({ participants: [{ userId: dan.userId }] }),
  ),
  walk: async (scene) => {
    const [{ from }, { id, third }] = await Promise.all([scene.audience(), scene.group()]);
    await scene.answer(200, 'POST', `/api/v1/conversations/${id}/participants`, from, added(third.userId).body);
  },
});
