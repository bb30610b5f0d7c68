import { expect } from 'vitest';
import { listIntegrations } from '../../shared/contract/integrations/manage-integrations.ts';
import { integrationsPath, newIntegration } from '../integration/integrations/integration-calls.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listIntegrations, {
  matrix: plain(200),
  goodRequest: ({ admin }) => ({ by: admin }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const { id } = await newIntegration(test, admin);
    const { items } = await scene.answer(200, 'GET', integrationsPath, admin);
    expect((items as { readonly id: string }[]).map((item) => item.id)).toContain(id);
    await scene.answer(204, 'DELETE', `${integrationsPath}/${id}`, admin);
  },
});
