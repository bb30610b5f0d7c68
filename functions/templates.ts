import { templateRoutes } from '../shared/contract/templates/routes.ts';
import { createTemplate } from '../shared/features/templates/create-template.ts';
import { deleteTemplate } from '../shared/features/templates/delete-template.ts';
import { getTemplate } from '../shared/features/templates/get-template.ts';
import { listTemplates } from '../shared/features/templates/list-templates.ts';
import { renderTemplate } from '../shared/features/templates/render-template.ts';
import { updateTemplate } from '../shared/features/templates/update-template.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(templateRoutes, {
  listTemplates,
  createTemplate: async (principal, input) => {
    const outcome = await createTemplate(principal, input);
    return answer(outcome, ({ created, template }) => ({ status: created ? 201 : 200, body: template }));
  },
  getTemplate,
  updateTemplate,
  deleteTemplate,
  renderTemplate,
});
