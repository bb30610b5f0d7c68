import { listTickets } from '../../shared/contract/integrations/tickets.ts';
import { integrationsPath, newIntegration } from '../integration/integrations/integration-calls.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { onIntegration } from '../integration/matrix/integration-slots.ts';
import { expiredCursor } from '../integration/problems/expired-cursor.ts';
import { onIntegration as ofStage, unknownIntegration } from '../integration/problems/integration-provocations.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

const own = onIntegration(() => ({ query: { limit: '5' } }), { status: 200 });

export const card = defineCard(listTickets, {
  matrix: {
    ...own,
    slots: {
      ...own.slots,
      'query.cursor': (caller) =>
        caller.home === undefined
          ? []
          : cursorCases(caller).map((each) => ({
              ...each,
              request: { ...each.request, params: { integrationId: caller.home?.integration ?? '' } },
            })),
    },
  },
  goodRequest: ofStage,
  problems: {
    'integration-not-found': unknownIntegration,
    'invalid-cursor': expiredCursor(({ integration }) => `tickets ${integration} all`),
  },
  ...readsOnly,
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newIntegration(test, admin);
    await scene.answer(200, 'GET', `${integrationsPath}/${id}/tickets`, admin);
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
