import { ulid } from 'ulid';
import { getIncidentDelivery } from '../../shared/contract/incidents/deliveries.ts';
import { deliver, newSource } from '../integration/incidents/incident-calls.ts';
import { deliveriesSlot, ofOwnSource, sourcesSlot } from '../integration/matrix/incident-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getIncidentDelivery, {
  matrix: {
    own: (caller) => {
      const { source = '', delivery = '' } = caller.home ?? {};
      return ofOwnSource(caller, { params: { sourceId: source, deliveryId: delivery } }, { status: 200 });
    },
    slots: {
      'path.sourceId': sourcesSlot(({ home }) => ({ params: { deliveryId: home?.delivery ?? ulid() } })),
      'path.deliveryId': deliveriesSlot,
    },
  },
  goodRequest: ({ admin, source, delivery }) => ({ by: admin, params: { sourceId: source.id, deliveryId: delivery } }),
  problems: {
    'source-not-found': {
      provoke: ({ delivery }, { send }) => send({ params: { sourceId: ulid(), deliveryId: delivery } }),
    },
    'incident-delivery-not-found': {
      provoke: ({ source }, { send }) => send({ params: { sourceId: source.id, deliveryId: ulid() } }),
    },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const source = await newSource(test, admin);
    const { body } = await deliver(test, source, { incidentKey: 'walk', event: 'close' });
    const path = `/api/v1/admin/sources/${source.id}`;
    await scene.answer(200, 'GET', `${path}/deliveries/${body.deliveryId}`, admin);
    await scene.answer(204, 'DELETE', path, admin);
  },
});
