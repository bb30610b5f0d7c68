import { ulid } from 'ulid';
import { expect } from 'vitest';
import { receiveIncident } from '../../shared/contract/incidents/receive-incident.ts';
import { deliveryLimits } from '../../shared/features/incidents/delivery-limits.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import { patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import {
  deliver,
  deliveriesOf,
  newSource,
  type TestSource,
  withToken,
} from '../integration/incidents/incident-calls.ts';
import { ofOwnSource, sourcesSlot } from '../integration/matrix/incident-slots.ts';
import type { Expectation } from '../integration/matrix/request-cases.ts';
import { withoutSession } from '../integration/matrix/session-slots.ts';
import { counted } from '../integration/problems/limit-provocations.ts';
import { exhaust, forgetAttempts } from '../integration/problems/stage.ts';
import { defineCard } from './kit/define-card.ts';

const opening = () => ({ incidentKey: ulid(), event: 'open', title: 'Web 3 is down' });
/** An unknown source is like a wrong token, and the session of a person is no token. */
const notAuthentic: Expectation = { status: 401, code: 'DELIVERY_NOT_AUTHENTIC', alike: 'refused' };

export const card = defineCard(receiveIncident, {
  matrix: {
    own: (caller) => ofOwnSource(caller, { body: opening() }, notAuthentic),
    slots: { 'path.sourceId': withoutSession(sourcesSlot(() => ({ body: opening() }), notAuthentic)) },
  },
  goodRequest: ({ admin, source }) => ({ by: admin, params: { sourceId: source.id } }),
  problems: {
    'delivery-not-authentic': {
      provoke: (_, { send }) => send({ raw: { raw: '{}', headers: { authorization: 'Bearer wrong' } } }),
      changes: 'the refusal is recorded',
    },
    'delivery-too-large': {
      provoke: (_, { send }) => send({ raw: { raw: 'x'.repeat(256 * 1024 + 1) } }),
    },
    'too-many-deliveries': {
      provoke: async (stage, { send }) => {
        await exhaust(stage, deliveryLimits.authentic, stage.source.id);
        const answer = await send({ raw: withToken(stage.source, opening()) });
        await forgetAttempts(stage);
        return answer;
      },
      changes: counted,
    },
  },
  crash: {
    sweeps: {
      'receive an incident': (
        world: CrashWorld,
      ): CrashScript<{ readonly source: TestSource; readonly body: object; deliveryId: string }> => ({
        prepare: async () => ({ source: await newSource(world.test, world.admin), body: opening(), deliveryId: '' }),
        attempt: async (state) => {
          const answer = await patiently(world, () => deliver(world.test, state.source, state.body));
          expect(answer.status, answer.text).toBe(202);
          state.deliveryId = answer.body.deliveryId;
          await world.test.run.settled();
        },
        check: async ({ source, deliveryId }) => {
          const { test, admin } = world;
          const deliveries = await deliveriesOf(test, admin, source);
          const originals = deliveries.filter(({ duplicateOf }) => duplicateOf === undefined);
          expect(originals).toMatchObject([{ id: deliveryId, outcomes: ['opened'] }]);
        },
      }),
    },
  },
  replay: async (stage) => {
    const { test, admin } = stage;
    const source = await newSource(test, admin);
    for (const event of ['open', 'update', 'close']) {
      await deliver(test, source, { ...opening(), incidentKey: 'replayed', event });
      await test.run.settled();
    }
  },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const source = await newSource(test, admin);
    expect((await deliver(test, source, opening())).status).toBe(202);
    expect((await deliver(test, { ...source, secret: 'wrong' }, opening())).status).toBe(401);
    await scene.answer(204, 'DELETE', `/api/v1/admin/sources/${source.id}`, admin);
  },
});
