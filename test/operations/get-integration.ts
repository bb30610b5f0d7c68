import { getIntegration } from '../../shared/contract/integrations/manage-integrations.ts';
import { integrationsPath, newIntegration } from '../integration/integrations/integration-calls.ts';
import { onIntegration } from '../integration/matrix/integration-slots.ts';
import { onIntegration as ofStage, unknownIntegration } from '../integration/problems/integration-provocations.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getIntegration, {
  matrix: onIntegration(() => ({}), { status: 200 }),
  goodRequest: ofStage,
  problems: { 'integration-not-found': unknownIntegration },
  ...readsOnly,
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newIntegration(test, admin);
    await scene.answer(200, 'GET', `${integrationsPath}/${id}`, admin);
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
