import { getTemplate } from '../../shared/contract/templates/get-template.ts';
import { onTemplates, ownTemplate } from '../integration/matrix/template-slots.ts';
import { onTemplate, unknownTemplate } from '../integration/problems/template-provocations.ts';
import { createdTemplate, newReply, templatesPath } from '../integration/templates/template-calls.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getTemplate, {
  matrix: onTemplates(ownTemplate, () => ({}), { status: 200 }),
  goodRequest: (stage) => ({ ...onTemplate(stage), by: stage.alice }),
  problems: { 'template-not-found': unknownTemplate },
  ...readsOnly,
  walk: async (scene) => {
    const id = await createdTemplate(scene.walker.test, scene.walker.admin, newReply());
    await scene.answer(200, 'GET', `${templatesPath}/${id}`, await scene.session());
  },
});
