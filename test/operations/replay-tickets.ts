import { replayTickets } from '../../shared/contract/integrations/tickets.ts';
import { integrationsPath, newIntegration } from '../integration/integrations/integration-calls.ts';
import { onIntegration } from '../integration/matrix/integration-slots.ts';
import { onIntegration as ofStage, unknownIntegration } from '../integration/problems/integration-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(replayTickets, {
  matrix: onIntegration(() => ({}), { status: 202 }),
  goodRequest: ofStage,
  problems: { 'integration-not-found': unknownIntegration },
  crash: { sweptBy: 'replayTicket', because: 'it resumes each failed ticket in the same way' },
  replay: { announcesNothing: 'Updates that were late are the same as updates in time.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newIntegration(test, admin);
    await scene.answer(202, 'POST', `${integrationsPath}/${id}/replay`, admin);
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
