import { ulid } from 'ulid';
import { expect } from 'vitest';
import { rotateIncidentSecret } from '../../shared/contract/incidents/sources.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { deliver, newSource } from '../integration/incidents/incident-calls.ts';
import { ofOwnSource, sourcesSlot } from '../integration/matrix/incident-slots.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(rotateIncidentSecret, {
  matrix: {
    own: (caller) => ofOwnSource(caller, { body: { force: true } }, { status: 200 }),
    slots: { 'path.sourceId': sourcesSlot(() => ({ body: {} })) },
  },
  goodRequest: ({ admin, source }) => ({ by: admin, params: { sourceId: source.id }, body: {} }),
  problems: {
    'source-not-found': { provoke: (_, { send }) => send({ params: { sourceId: ulid() } }) },
    'rotation-open': {
      provoke: async ({ test, admin }, { send }) => {
        const { id } = await newSource(test, admin);
        const params = { sourceId: id };
        await send({ params });
        const answer = await send({ params });
        await succeed(test, admin, 'DELETE', `/admin/sources/${id}`);
        return answer;
      },
      changes: 'a source is created, and deleted',
    },
  },
  crash: {
    sweeps: {
      'rotate the secret of a source': (world: CrashWorld): CrashScript<{ readonly id: string; secret: string }> => ({
        prepare: async () => {
          const { items } = await succeed(world.test, world.admin, 'GET', '/admin/sources');
          return {
            id: (items[0]?.id as string | undefined) ?? (await newSource(world.test, world.admin)).id,
            secret: '',
          };
        },
        attempt: async (state) => {
          const path = `/api/v1/admin/sources/${state.id}/secret`;
          const answer = await persist(() => ask(world, world.admin, 'POST', path, { force: true }));
          expect(answer.status, answer.text).toBe(200);
          state.secret = answer.body.secret;
        },
        check: async (source) => {
          const answer = await persist(() => deliver(world.test, source, { incidentKey: ulid(), event: 'close' }));
          expect(answer.status, answer.text).toBe(202);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A source is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const path = `/api/v1/admin/sources/${(await newSource(test, admin)).id}`;
    await scene.answer(200, 'POST', `${path}/secret`, admin, {});
    await scene.answer(204, 'DELETE', path, admin);
  },
});
