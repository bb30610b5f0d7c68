import { createTemplate } from './create-template.ts';
import { deleteTemplate } from './delete-template.ts';
import { getTemplate } from './get-template.ts';
import { listTemplates } from './list-templates.ts';
import { renderTemplate } from './render-template.ts';
import { updateTemplate } from './update-template.ts';

export const templateRoutes = [
  listTemplates,
  createTemplate,
  getTemplate,
  updateTemplate,
  deleteTemplate,
  renderTemplate,
] as const;
