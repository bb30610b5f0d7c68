import type { TemplateScope } from '../../contract/schemas/template.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { keys as tableKeys, templateIdOf, templatePartition, templatePrefix } from '../../core/table/keys.ts';
import { platformTable, type QueryOptions, tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type GlobalTemplate, openGlobalTemplate } from './global-templates.ts';
import type { Template } from './template.ts';
import { isGone } from './template-rules.ts';
import { openTemplate, type SealedTemplate } from './tenant-templates.ts';

export interface TemplatePage {
  readonly templates: readonly Template[];
  /** The last template that was read, whether or not the page contains it; undefined at the end. */
  readonly lastTemplateId: string | undefined;
}

/** Reads one page of a scope, the oldest template first, consistently. `after` is a template's id. */
export async function templatePage(
  { scope, keys }: { readonly scope: TenantScope; readonly keys: TenantKeys },
  of: TemplateScope,
  limit: number,
  after: string | undefined,
): Promise<TemplatePage> {
  const query: QueryOptions = {
    ...{ pk: templatePartition, beginsWith: templatePrefix, limit, consistent: true },
    ...(after === undefined ? {} : { after: tableKeys.template(after).sk }),
  };
  if (of === 'global') {
    const { items, lastSortKey } = await platformTable().query<GlobalTemplate>(query);
    return pageOf(items.map(openGlobalTemplate), lastSortKey);
  }
  const { items, lastSortKey } = await tenantTable(scope).query<SealedTemplate>(query);
  return pageOf(
    items.map((item) => openTemplate(scope, keys, item)),
    lastSortKey,
  );
}

function pageOf(templates: readonly Template[], lastSortKey: string | undefined): TemplatePage {
  const at = now();
  return {
    templates: templates.filter((template) => !isGone(template, at)),
    lastTemplateId: lastSortKey && templateIdOf({ sk: lastSortKey }),
  };
}
