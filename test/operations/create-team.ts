import { ulid } from 'ulid';
import { expect } from 'vitest';
import { createTeam } from '../../shared/contract/teams/teams.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectTeamsInOrder } from '../integration/crashes/desk-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newTeam, succeed } from '../integration/desk/desk-calls.ts';
import { defineCard } from './kit/define-card.ts';

const unique = () => ({ name: `Team ${ulid()}` });

export const card = defineCard(createTeam, {
  matrix: {
    own: ({ home }) => [
      { name: 'own', request: { body: { name: `${home?.canary ?? 'canarystaff'} team` } }, status: 201 },
    ],
    slots: {},
  },
  goodRequest: ({ admin }) => ({ by: admin, body: unique() }),
  problems: {
    'team-name-taken': {
      provoke: (_, { send }) => send({ body: { name: 'night SHIFT' } }),
      pointers: ['/body/name'],
    },
    'team-limit-reached': {
      provoke: async (stage, { send }) => {
        const { test, admin } = stage;
        const before = (await succeed(test, admin, 'GET', '/teams')).items.length as number;
        const added: string[] = [];
        for (let count = before; count < 50; count += 1) added.push(await newTeam(test, admin, unique().name));
        const answer = await send();
        for (const id of added) await succeed(test, admin, 'DELETE', `/teams/${id}`);
        return answer;
      },
      changes: 'teams are created until the limit, and deleted',
    },
  },
  crash: {
    sweeps: {
      'create a team': (world: CrashWorld): CrashScript<{ readonly name: string }> => ({
        prepare: async () => unique(),
        attempt: async (body) => {
          const answer = await persist(() => ask(world, world.admin, 'POST', '/api/v1/teams', body));
          // The answer to a team that was stored may be lost.
          expect([201, 409], answer.text).toContain(answer.status);
        },
        check: async ({ name }) => {
          const { body } = await ask(world, world.admin, 'GET', '/api/v1/teams');
          const found = body.items.filter((team: { name: string }) => team.name === name);
          expect(found).toHaveLength(1);
          await expectTeamsInOrder(world);
          await succeed(world.test, world.admin, 'DELETE', `/teams/${found[0].id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A team is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const id = await newTeam(test, admin, unique().name);
    await scene.answer(204, 'DELETE', `/api/v1/teams/${id}`, admin);
  },
});
