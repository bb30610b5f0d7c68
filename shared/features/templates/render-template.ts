import type { renderTemplate as renderTemplateRoute } from '../../contract/templates/render-template.ts';
import { templateNotFound } from '../../contract/templates/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { findTemplate } from './find-template.ts';
import { renderText } from './template-rules.ts';
import { countUse } from './template-uses.ts';

/** Without `clientMessageId`, a preview that counts nothing. */
export const renderTemplate: UseCase<typeof renderTemplateRoute> = async (
  principal,
  { templateId, values = {}, clientMessageId },
) => {
  const found = await findTemplate(principal, templateId);
  if (found === undefined || found.template.deletedAt !== undefined) return refuse(templateNotFound);
  const { text, unresolved } = renderText(found.template, values);
  if (clientMessageId !== undefined) await countUse(principal, templateId, clientMessageId);
  return { text, unresolved: [...unresolved] };
};
