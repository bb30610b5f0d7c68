import { expect } from 'vitest';
import { testIntegration } from '../../shared/contract/integrations/check-integration.ts';
import { integrationsPath, newIntegration } from '../integration/integrations/integration-calls.ts';
import { onIntegration } from '../integration/matrix/integration-slots.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { onIntegration as ofStage, unknownIntegration } from '../integration/problems/integration-provocations.ts';
import { counted, untilRejected } from '../integration/problems/limit-provocations.ts';
import { defineCard } from './kit/define-card.ts';

const own = onIntegration(() => ({ body: {} }), { status: 200 });

export const card = defineCard(testIntegration, {
  matrix: {
    ...own,
    slots: {
      ...own.slots,
      // The other system answers what it knows.
      'body.externalId': ({ home }) =>
        home === undefined
          ? []
          : [
              {
                name: 'body.externalId is malformed',
                request: { params: { integrationId: home.integration }, body: { externalId: '../SUP-1' } },
                ...malformed,
              },
            ],
    },
  },
  goodRequest: (stage) => ({ ...ofStage(stage), body: {} }),
  problems: {
    'integration-not-found': unknownIntegration,
    'too-many-connection-tests': {
      provoke: (stage, { send }) => untilRejected(stage, () => send()),
      changes: counted,
    },
  },
  crash: { sweptBy: 'login', because: 'it only counts its use, as logins count attempts' },
  replay: { announcesNothing: 'A test is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newIntegration(test, admin);
    const { ok, findings } = await scene.answer(200, 'POST', `${integrationsPath}/${id}/test`, admin, {});
    expect({ ok, findings }).toMatchObject({ ok: true });
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
