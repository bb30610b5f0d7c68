import { ulid } from 'ulid';
import { deleteTeam } from '../../shared/contract/teams/teams.ts';
import { expect } from 'vitest';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectTeamsInOrder, teamOfColleague } from '../integration/crashes/desk-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newTeam } from '../integration/desk/desk-calls.ts';
import { teamsSlot } from '../integration/matrix/support-slots.ts';
import { newSupport } from '../integration/problems/desk-provocations.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(deleteTeam, {
  matrix: {
    own: ({ home }) =>
      home === undefined ? [] : [{ name: 'own', request: { params: { teamId: home.spareTeam } }, status: 204 }],
    slots: { 'path.teamId': teamsSlot('path.teamId', (_, teamId) => ({ params: { teamId } })) },
  },
  goodRequest: ({ admin, emptyTeam }) => ({ by: admin, params: { teamId: emptyTeam } }),
  problems: {
    'team-not-found': { provoke: (_, { send }) => send({ params: { teamId: ulid() } }) },
    'team-in-use': {
      provoke: async (stage, { send }) => {
        await newSupport(stage, 'waiting', { teamId: stage.team });
        return send({ params: { teamId: stage.team } });
      },
      changes: 'a conversation of the team is created',
    },
  },
  crash: {
    sweeps: {
      'delete a team': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => teamOfColleague(world),
        attempt: async (id) => {
          const answer = await persist(() => ask(world, world.admin, 'DELETE', `/api/v1/teams/${id}`));
          // The answer to the deletion may be lost.
          expect([204, 404], answer.text).toContain(answer.status);
        },
        check: async (id) => {
          const { body } = await ask(world, world.admin, 'GET', '/api/v1/teams');
          expect(body.items.map((team: { id: string }) => team.id)).not.toContain(id);
          await expectTeamsInOrder(world);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A team is in no timeline.' },
  walk: async (scene) => {
    const { admin, test } = scene.walker;
    const { agent, team } = await deskOfWalk(scene);
    const id = await newTeam(test, admin, `Team ${ulid()}`);
    const agentPath = `/api/v1/agents/${agent.userId}`;
    await scene.answer(200, 'PATCH', agentPath, admin, { teams: [id] });
    await scene.answer(204, 'DELETE', `/api/v1/teams/${id}`, admin);
    const { items } = await scene.answer(200, 'GET', '/api/v1/agents', agent);
    expect(items.find((each: { id: string }) => each.id === agent.userId).teams).toEqual([]);
    await scene.answer(200, 'PATCH', agentPath, admin, { teams: [team] });
  },
});
