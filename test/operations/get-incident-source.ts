import { ulid } from 'ulid';
import { getIncidentSource } from '../../shared/contract/incidents/sources.ts';
import { newSource } from '../integration/incidents/incident-calls.ts';
import { ofOwnSource, sourcesSlot } from '../integration/matrix/incident-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getIncidentSource, {
  matrix: {
    own: (caller) => ofOwnSource(caller, {}, { status: 200 }),
    slots: { 'path.sourceId': sourcesSlot(() => ({})) },
  },
  goodRequest: ({ admin, source }) => ({ by: admin, params: { sourceId: source.id } }),
  problems: { 'source-not-found': { provoke: (_, { send }) => send({ params: { sourceId: ulid() } }) } },
  ...readsOnly,
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const path = `/api/v1/admin/sources/${(await newSource(test, admin)).id}`;
    await scene.answer(200, 'GET', path, admin);
    await scene.answer(204, 'DELETE', path, admin);
  },
});
