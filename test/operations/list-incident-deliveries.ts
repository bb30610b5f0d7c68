import { ulid } from 'ulid';
import { listIncidentDeliveries } from '../../shared/contract/incidents/deliveries.ts';
import { deliver, newSource } from '../integration/incidents/incident-calls.ts';
import { cursorsOfSource, ofOwnSource, sourcesSlot } from '../integration/matrix/incident-slots.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listIncidentDeliveries, {
  matrix: {
    own: (caller) => [
      ...ofOwnSource(caller, {}, { status: 200 }),
      ...ofOwnSource(caller, { query: { outcome: 'unrouted', limit: '1' } }, { status: 200 }),
    ],
    slots: { 'path.sourceId': sourcesSlot(() => ({})), 'query.cursor': cursorsOfSource },
  },
  goodRequest: ({ admin, source }) => ({ by: admin, params: { sourceId: source.id } }),
  problems: {
    'source-not-found': { provoke: (_, { send }) => send({ params: { sourceId: ulid() } }) },
    'invalid-cursor': {
      provoke: async (stage, operation) => {
        await deliver(stage.test, stage.source, { incidentKey: ulid(), event: 'close' });
        return expiredCursor(({ source }) => `incident-deliveries/${source.id}/all`).provoke(stage, operation);
      },
      changes: 'the source receives a delivery',
    },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const path = `/api/v1/admin/sources/${(await newSource(test, admin)).id}`;
    await scene.answer(200, 'GET', `${path}/deliveries`, admin);
    await scene.answer(204, 'DELETE', path, admin);
  },
});
