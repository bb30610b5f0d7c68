import { templateNotFound } from '../../contract/templates/problems.ts';
import type { getTemplate as getTemplateRoute } from '../../contract/templates/get-template.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { findTemplate, viewWithUses } from './find-template.ts';

export const getTemplate: UseCase<typeof getTemplateRoute> = async (principal, { templateId }) => {
  const found = await findTemplate(principal, templateId);
  return found === undefined ? refuse(templateNotFound) : viewWithUses(principal, found.template);
};
