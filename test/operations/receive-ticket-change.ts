import { ulid } from 'ulid';
import { expect } from 'vitest';
import { receiveTicketChange } from '../../shared/contract/integrations/receive-ticket-change.ts';
import { changeLimit } from '../../shared/features/integrations/receive-ticket-change.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { integrationsPath, newIntegration, unlinkedChange } from '../integration/integrations/integration-calls.ts';
import { signedChange } from '../integration/integrations/signed-change.ts';
import { integrationsSlot } from '../integration/matrix/integration-slots.ts';
import { counted } from '../integration/problems/limit-provocations.ts';
import { exhaust, forgetAttempts } from '../integration/problems/stage.ts';
import { call } from '../integration/raw-client.ts';
import { defineCard } from './kit/define-card.ts';

const notVerified = { status: 401, code: 'SENDER_NOT_VERIFIED', alike: 'not verified' };

export const card = defineCard(receiveTicketChange, {
  matrix: {
    // No session proves the sender, but a signature.
    own: ({ home }) =>
      home === undefined
        ? []
        : [
            {
              name: 'own without a signature',
              request: { params: { integrationId: home.integration } },
              ...notVerified,
            },
          ],
    slots: {
      'path.integrationId': integrationsSlot(
        'path.integrationId',
        (_, integrationId) => ({ params: { integrationId } }),
        notVerified,
      ),
    },
  },
  goodRequest: ({ alice, integration, inboundSecret }) => ({
    by: alice,
    params: { integrationId: integration },
    raw: signedChange(inboundSecret, { ...unlinkedChange(), id: ulid() }),
  }),
  problems: {
    'sender-not-verified': {
      provoke: (_, { send }) => send({ raw: signedChange('another secret', unlinkedChange()) }),
    },
    'change-too-large': {
      provoke: (_, { send }) => send({ raw: { raw: 'x'.repeat(256 * 1024 + 1) } }),
    },
    'too-many-changes': {
      provoke: async (stage, { send }) => {
        await exhaust(stage, changeLimit, stage.integration);
        const answer = await send({ raw: signedChange(stage.inboundSecret, unlinkedChange()) });
        await forgetAttempts(stage);
        return answer;
      },
      changes: counted,
    },
  },
  crash: {
    sweeps: {
      'receive a change': (
        world: CrashWorld,
      ): CrashScript<{ readonly id: string; readonly secret: string; readonly change: object }> => ({
        prepare: async () => {
          return { ...(await newIntegration(world.test, world.admin)), change: { ...unlinkedChange(), id: ulid() } };
        },
        attempt: async ({ id, secret, change }) => {
          const answer = await persist(() =>
            call(world.test.url, 'POST', `/api/v1/tickets/${id}`, signedChange(secret, change)),
          );
          expect(answer.status, answer.text).toBe(202);
        },
        check: async ({ id, secret, change }) => {
          const again = await call(world.test.url, 'POST', `/api/v1/tickets/${id}`, signedChange(secret, change));
          expect(again.body, again.text).toMatchObject({ duplicate: true });
          await world.test.run.settled();
          await call(world.test.url, 'DELETE', `${integrationsPath}/${id}`, { token: world.admin.token });
        },
      }),
    },
  },
  replay: { announcesNothing: 'The change is of a ticket that no conversation has.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id, secret } = await newIntegration(test, admin);
    const path = `/api/v1/tickets/${id}`;
    const answer = await call(test.url, 'POST', path, signedChange(secret, { ...unlinkedChange(), id: ulid() }));
    expect(answer.status, answer.text).toBe(202);
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
