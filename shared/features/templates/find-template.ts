import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TemplateScope, TemplateView } from '../../contract/schemas/template.ts';
import { globalTemplates } from './global-templates.ts';
import { type Template, viewOf } from './template.ts';
import { isVisible } from './template-rules.ts';
import type { TemplateStore } from './template-store.ts';
import { countsOfUses } from './template-uses.ts';
import { tenantTemplates } from './tenant-templates.ts';

export interface FoundTemplate {
  readonly store: TemplateStore;
  readonly template: Template;
}

export async function storeOf({ scope }: Pick<Principal, 'scope'>, of: TemplateScope): Promise<TemplateStore> {
  return of === 'global' ? globalTemplates() : tenantTemplates(scope, await tenantKeys(scope));
}

/** Finds a template of the caller's tenant or a global one. Undefined if the caller must not see it. */
export async function findTemplate(principal: Principal, templateId: string): Promise<FoundTemplate | undefined> {
  const stores = [await storeOf(principal, 'tenant'), globalTemplates()];
  const found = await settleAll(
    stores.map(async (store) => {
      const template = await store.load(templateId);
      return template && { store, template };
    }),
  );
  return found.find((candidate) => candidate !== undefined && isVisible(candidate.template, principal.role));
}

export async function viewWithUses({ scope }: Pick<Principal, 'scope'>, template: Template): Promise<TemplateView> {
  const uses = await countsOfUses(scope, [template.templateId]);
  return viewOf(template, uses.get(template.templateId) ?? 0);
}
