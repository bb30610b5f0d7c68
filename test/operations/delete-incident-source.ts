import { ulid } from 'ulid';
import { expect } from 'vitest';
import { deleteIncidentSource } from '../../shared/contract/incidents/sources.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newSource } from '../integration/incidents/incident-calls.ts';
import { sourcesSlot } from '../integration/matrix/incident-slots.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(deleteIncidentSource, {
  matrix: {
    own: ({ home }) =>
      home === undefined ? [] : [{ name: 'own', request: { params: { sourceId: home.spareSource } }, status: 204 }],
    slots: { 'path.sourceId': sourcesSlot(() => ({})) },
  },
  goodRequest: ({ admin, source }) => ({ by: admin, params: { sourceId: source.id } }),
  problems: { 'source-not-found': { provoke: (_, { send }) => send({ params: { sourceId: ulid() } }) } },
  crash: {
    sweeps: {
      'delete a source of incidents': (world: CrashWorld): CrashScript<string> => ({
        // Only a source that this sweep creates, so its creation is no call of the sweep.
        prepare: async () => (await newSource(world.test, world.admin)).id,
        attempt: async (id) => {
          const answer = await persist(() => ask(world, world.admin, 'DELETE', `/api/v1/admin/sources/${id}`));
          // The answer to the deletion may be lost.
          expect([204, 404], answer.text).toContain(answer.status);
        },
        check: async (id) => {
          const answer = await ask(world, world.admin, 'GET', `/api/v1/admin/sources/${id}`);
          expect(answer.status, answer.text).toBe(404);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A source is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newSource(test, admin);
    await scene.answer(204, 'DELETE', `/api/v1/admin/sources/${id}`, admin);
    await scene.answer(404, 'GET', `/api/v1/admin/sources/${id}`, admin);
  },
});
