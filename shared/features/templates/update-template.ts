import type { updateTemplate as updateTemplateRoute } from '../../contract/templates/update-template.ts';
import { notAForm, notPlatformStaff, templateDeleted, templateNotFound } from '../../contract/templates/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import type { UseCase } from '../../core/use-case.ts';
import { findTemplate, viewWithUses } from './find-template.ts';
import { mayManage, withChange } from './template-rules.ts';
import { refusalOf } from './write-refusal.ts';

/** Also restores. */
export const updateTemplate: UseCase<typeof updateTemplateRoute> = async (principal, { templateId, ...change }) => {
  for (;;) {
    const found = await findTemplate(principal, templateId);
    if (found === undefined) return refuse(templateNotFound);
    const { store, template } = found;
    if (!mayManage(principal.role, template.scope)) return refuse(notPlatformStaff);
    if (template.deletedAt !== undefined && change.deleted === undefined) return refuse(templateDeleted);
    if (template.kind === 'reply' && change.fields !== undefined) {
      return refuse(notAForm, {
        errors: [{ pointer: '/fields', code: 'not_allowed', detail: 'is only allowed for the kind form' }],
      });
    }
    const after = withChange(template, change, now());
    if (after === template) return viewWithUses(principal, template);
    const write = await store.replace(template, after);
    if (write === 'written') return viewWithUses(principal, after);
    // The template changed since it was read: retry.
    if (write !== 'changed') return refusalOf(write);
  }
};
