import { ulid } from 'ulid';
import { expect } from 'vitest';
import { changeConversation } from '../../shared/contract/groups/change-conversation.ts';
import { useLimits } from '../../shared/features/identity/attempt-limits.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { groupPath } from '../integration/crashes/group-timeline.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import type { Caller } from '../integration/matrix/caller.ts';
import { groupSlot, inGroup } from '../integration/matrix/group-slots.ts';
import { listSlot, teamsSlot, withinOwnSupport } from '../integration/matrix/support-slots.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { createdForIt, inSupport, newSupport } from '../integration/problems/desk-provocations.ts';
import { limited } from '../integration/problems/limit-provocations.ts';
import { groupProblems } from '../integration/problems/group-provocations.ts';
import { nextNumber } from '../integration/problems/registration.ts';
import * as replay from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const renamed = ({ home }: Caller) => ({ body: { name: `${home?.textCanary} crew` } });

export const card = defineCard(changeConversation, {
  matrix: {
    own: (caller) => inGroup(caller, renamed(caller), { status: 200 }),
    slots: {
      'path.conversationId': groupSlot(renamed),
      'body.teamId': listSlot(
        withinOwnSupport(
          (request) => teamsSlot('body.teamId', request),
          (teamId) => ({ teamId }),
        ),
      ),
    },
  },
  goodRequest: ({ alice, group }) => ({
    by: alice,
    params: { conversationId: group },
    body: { name: `Crew ${nextNumber()}` },
  }),
  problems: {
    ...groupProblems,
    'property-not-allowed': {
      provoke: (_, { send }) => send({ body: { tags: ['billing'] } }),
      pointers: ['/body/tags'],
    },
    forbidden: {
      provoke: async (stage, { send }) =>
        send({ params: { conversationId: await newSupport(stage) }, body: { priority: 'high' } }),
      pointers: ['/body/priority'],
      changes: createdForIt,
    },
    'team-not-found': {
      provoke: (stage, { send }) => send({ ...inSupport(stage), body: { teamId: ulid() } }),
      pointers: ['/body/teamId'],
    },
    'rate-limited': limited(
      useLimits.customerChanges,
      ({ alice }) => alice.userId,
      ({ support }, { send }) => send({ params: { conversationId: support }, body: { subject: 'Another one' } }),
    ),
    'illegal-transition': { provoke: (stage, { send }) => send({ ...inSupport(stage), body: { archived: true } }) },
    'conversation-closed': {
      provoke: async (stage, { send }) => {
        const id = await newSupport(stage);
        await succeed(stage.test, stage.alice, 'POST', `/conversations/${id}/wipe`);
        return send({ by: stage.agent, params: { conversationId: id }, body: { tags: ['billing'] } });
      },
      changes: createdForIt,
    },
  },
  crash: {
    sweeps: {
      'rename a group': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => `Crew ${nextNumber()}`,
        attempt: async (name) => {
          const answer = await persist(() => ask(world, world.alice, 'PATCH', groupPath(world), { name }));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { name } });
        },
        check: async (name) => {
          expect((await ask(world, world.alice, 'GET', groupPath(world))).body.name).toBe(name);
        },
      }),
    },
  },
  replay: replay.inGroup(
    'PATCH',
    () => '',
    () => ({ name: 'Another name' }),
  ),
  walk: async (scene) => {
    const [{ from }, { id }] = await Promise.all([scene.audience(), scene.group()]);
    await scene.answer(200, 'PATCH', `/api/v1/conversations/${id}`, from, { name: 'Runners' });
    await scene.received((frame) => frame.type === 'conversation.updated' && frame.conversationId === id);
  },
});
