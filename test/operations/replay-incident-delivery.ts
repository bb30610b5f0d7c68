import { ulid } from 'ulid';
import { expect } from 'vitest';
import { replayIncidentDelivery } from '../../shared/contract/incidents/deliveries.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import {
  deliver,
  deliveriesOf,
  newSource,
  resultOf,
  type TestSource,
} from '../integration/incidents/incident-calls.ts';
import { deliveriesSlot, ofOwnSource, sourcesSlot } from '../integration/matrix/incident-slots.ts';
import { defineCard } from './kit/define-card.ts';

interface Received {
  readonly source: TestSource;
  readonly deliveryId: string;
  readonly before: object;
}

export const card = defineCard(replayIncidentDelivery, {
  matrix: {
    own: (caller) => {
      const { source = '', delivery = '' } = caller.home ?? {};
      return ofOwnSource(caller, { params: { sourceId: source, deliveryId: delivery } }, { status: 202 });
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
    'delivery-without-payload': {
      provoke: async ({ test, admin, source }, { send }) => {
        await deliver(test, { ...source, secret: 'wrong' }, {});
        const [refused] = await deliveriesOf(test, admin, source, '&outcome=refused');
        return send({ params: { sourceId: source.id, deliveryId: refused?.id as string } });
      },
      changes: 'a delivery that is not authentic is recorded',
    },
  },
  crash: {
    sweeps: {
      'replay a received delivery': (world: CrashWorld): CrashScript<Received> => ({
        prepare: async () => {
          const source = await newSource(world.test, world.admin);
          const { body } = await deliver(world.test, source, { incidentKey: ulid(), event: 'open', title: 'Down' });
          await world.test.run.settled();
          const before = await resultOf(world.test, world.admin, source, body.deliveryId);
          return { source, deliveryId: body.deliveryId as string, before };
        },
        attempt: async ({ source, deliveryId }) => {
          const path = `/api/v1/admin/sources/${source.id}/deliveries/${deliveryId}/replay`;
          await expectStatus(202, () => ask(world, world.admin, 'POST', path));
          await world.test.run.settled();
        },
        check: async ({ source, deliveryId, before }) => {
          const { test, admin } = world;
          expect(await resultOf(test, admin, source, deliveryId)).toEqual(before);
          await ask(world, admin, 'DELETE', `/api/v1/admin/sources/${source.id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'The delivery had its effect before.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const source = await newSource(test, admin);
    const { body } = await deliver(test, source, { incidentKey: 'walk', event: 'close' });
    const path = `/api/v1/admin/sources/${source.id}`;
    await scene.answer(202, 'POST', `${path}/deliveries/${body.deliveryId}/replay`, admin);
    await scene.answer(204, 'DELETE', path, admin);
  },
});
