import { ulid } from 'ulid';
import { expect } from 'vitest';
import { updateTeam } from '../../shared/contract/teams/teams.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectTeamsInOrder } from '../integration/crashes/desk-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newTeam } from '../integration/desk/desk-calls.ts';
import { teamsSlot } from '../integration/matrix/support-slots.ts';
import { defineCard } from './kit/define-card.ts';

const unique = () => ({ name: `Team ${ulid()}` });

export const card = defineCard(updateTeam, {
  matrix: {
    own: ({ home }) =>
      home === undefined
        ? []
        : [
            {
              name: 'own',
              request: { params: { teamId: home.team }, body: { name: `${home.canary} renamed` } },
              status: 200,
            },
          ],
    slots: { 'path.teamId': teamsSlot('path.teamId', (_, teamId) => ({ params: { teamId }, body: { name: 'Any' } })) },
  },
  goodRequest: ({ admin, emptyTeam }) => ({ by: admin, params: { teamId: emptyTeam }, body: unique() }),
  problems: {
    'team-not-found': { provoke: (_, { send }) => send({ params: { teamId: ulid() } }) },
    'team-name-taken': {
      provoke: (_, { send }) => send({ body: { name: 'Night shift' } }),
      pointers: ['/body/name'],
    },
  },
  crash: {
    sweeps: {
      'rename a team': (world: CrashWorld): CrashScript<{ readonly name: string }> => ({
        prepare: async () => unique(),
        attempt: async (body) => {
          const path = `/api/v1/teams/${world.desk.team}`;
          const answer = await expectStatus(200, () => ask(world, world.admin, 'PATCH', path, body));
          expect(answer.body).toMatchObject(body);
        },
        check: () => expectTeamsInOrder(world),
      }),
    },
  },
  replay: { announcesNothing: 'A team is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const path = `/api/v1/teams/${await newTeam(test, admin, unique().name)}`;
    await scene.answer(200, 'PATCH', path, admin, unique());
    await scene.answer(204, 'DELETE', path, admin);
  },
});
