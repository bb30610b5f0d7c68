import { ulid } from 'ulid';
import { expect } from 'vitest';
import { updateIncidentSource } from '../../shared/contract/incidents/sources.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { newSource } from '../integration/incidents/incident-calls.ts';
import { ofOwnSource, sourcesSlot } from '../integration/matrix/incident-slots.ts';
import { defineCard } from './kit/define-card.ts';

const withRule = (then: object) => ({ rules: [{ name: 'All', then }] });

export const card = defineCard(updateIncidentSource, {
  matrix: {
    own: (caller) => ofOwnSource(caller, { body: { name: `${caller.home?.canary} renamed` } }, { status: 200 }),
    slots: { 'path.sourceId': sourcesSlot(() => ({ body: { name: 'Any' } })) },
  },
  goodRequest: ({ admin, source }) => ({ by: admin, params: { sourceId: source.id }, body: { name: 'Monitor' } }),
  problems: {
    'source-not-found': { provoke: (_, { send }) => send({ params: { sourceId: ulid() } }) },
    'team-not-found': {
      provoke: (_, { send }) => send({ body: withRule({ teamId: ulid() }) }),
      pointers: ['/body/rules/0/then/teamId'],
    },
    'template-not-found': {
      provoke: (_, { send }) => send({ body: withRule({ templateId: ulid() }) }),
      pointers: ['/body/rules/0/then/templateId'],
    },
    'user-not-found': {
      provoke: (_, { send }) => send({ body: withRule({ onBehalfOf: ulid() }) }),
      pointers: ['/body/rules/0/then/onBehalfOf'],
    },
  },
  crash: {
    sweeps: {
      'change a source of incidents': (
        world: CrashWorld,
      ): CrashScript<{ readonly id: string; readonly name: string }> => ({
        prepare: async () => {
          const { items } = await succeed(world.test, world.admin, 'GET', '/admin/sources');
          const id = (items[0]?.id as string | undefined) ?? (await newSource(world.test, world.admin)).id;
          return { id, name: `Monitor ${ulid()}` };
        },
        attempt: async ({ id, name }) => {
          const path = `/api/v1/admin/sources/${id}`;
          const answer = await expectStatus(200, () => ask(world, world.admin, 'PATCH', path, { name }));
          expect(answer.body.name).toBe(name);
        },
        check: async ({ id, name }) => {
          expect(await succeed(world.test, world.admin, 'GET', `/admin/sources/${id}`)).toMatchObject({ name });
        },
      }),
    },
  },
  replay: { announcesNothing: 'A source is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const path = `/api/v1/admin/sources/${(await newSource(test, admin)).id}`;
    await scene.answer(200, 'PATCH', path, admin, { enabled: false });
    await scene.answer(204, 'DELETE', path, admin);
  },
});
