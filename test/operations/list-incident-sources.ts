import { listIncidentSources } from '../../shared/contract/incidents/sources.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listIncidentSources, {
  matrix: plain(200),
  goodRequest: ({ admin }) => ({ by: admin }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    await scene.answer(200, 'GET', '/api/v1/admin/sources', scene.walker.admin);
  },
});
