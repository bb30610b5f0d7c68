import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { loadGlobalTemplate } from './global-templates.ts';
import type { Template } from './template.ts';
import { isVisible } from './template-rules.ts';
import { loadTemplate } from './tenant-templates.ts';

/**
 * Returns a template of the caller's tenant or a global one. Undefined if the caller must not see it. Reaches no code
 * that writes global templates, so that a function which only uses templates has no right to write them.
 */
export async function visibleTemplate(principal: Principal, templateId: string): Promise<Template | undefined> {
  const { scope, role } = principal;
  const own = async () => loadTemplate(scope, await tenantKeys(scope), templateId);
  const found = await settleAll([own(), loadGlobalTemplate(templateId)]);
  return found.find((template) => template !== undefined && isVisible(template, role));
}
