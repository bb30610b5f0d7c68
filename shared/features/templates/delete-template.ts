import type { deleteTemplate as deleteTemplateRoute } from '../../contract/templates/delete-template.ts';
import { notPlatformStaff, templateNotFound } from '../../contract/templates/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import type { UseCase } from '../../core/use-case.ts';
import { findTemplate } from './find-template.ts';
import { asDeleted, mayManage } from './template-rules.ts';
import { refusalOf } from './write-refusal.ts';

export const deleteTemplate: UseCase<typeof deleteTemplateRoute> = async (principal, { templateId }) => {
  for (;;) {
    const found = await findTemplate(principal, templateId);
    if (found === undefined) return refuse(templateNotFound);
    const { store, template } = found;
    if (!mayManage(principal.role, template.scope)) return refuse(notPlatformStaff);
    if (template.deletedAt !== undefined) return undefined;
    const write = await store.replace(template, asDeleted(template, now()));
    if (write === 'written') return undefined;
    if (write !== 'changed') throw new Error(`A deletion failed: ${refusalOf(write).refused.name}`);
  }
};
