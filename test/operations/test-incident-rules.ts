import { ulid } from 'ulid';
import { testIncidentRules } from '../../shared/contract/incidents/deliveries.ts';
import { deliver, deliveriesOf, newSource } from '../integration/incidents/incident-calls.ts';
import { deliveriesOfBodySlot, ofOwnSource, sourcesSlot } from '../integration/matrix/incident-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

const sample = { payload: { incidentKey: 'web-3', event: 'open', title: 'Web 3 is down' } };

export const card = defineCard(testIncidentRules, {
  matrix: {
    own: (caller) => [
      ...ofOwnSource(caller, { body: sample }, { status: 200 }),
      ...ofOwnSource(caller, { body: { deliveryId: caller.home?.delivery } }, { status: 200 }),
    ],
    slots: {
      'path.sourceId': sourcesSlot(() => ({ body: sample })),
      'body.deliveryId': deliveriesOfBodySlot,
    },
  },
  goodRequest: ({ admin, source }) => ({ by: admin, params: { sourceId: source.id }, body: sample }),
  problems: {
    'source-not-found': { provoke: (_, { send }) => send({ params: { sourceId: ulid() } }) },
    'incident-delivery-not-found': { provoke: (_, { send }) => send({ body: { deliveryId: ulid() } }) },
    'delivery-without-payload': {
      provoke: async ({ test, admin, source }, { send }) => {
        await deliver(test, { ...source, secret: 'wrong' }, {});
        const [refused] = await deliveriesOf(test, admin, source, '&outcome=refused');
        return send({ body: { deliveryId: refused?.id as string } });
      },
      changes: 'a delivery that is not authentic is recorded',
    },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const path = `/api/v1/admin/sources/${(await newSource(test, admin)).id}`;
    await scene.answer(200, 'POST', `${path}/test`, admin, sample);
    await scene.answer(204, 'DELETE', path, admin);
  },
});
