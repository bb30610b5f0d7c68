import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { now } from '../../core/runtime/clock.ts';
import { type Key, keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { recordIn, type Template, type TemplateContent, type TemplateRecord } from './template.ts';
import { isGone } from './template-rules.ts';
import {
  expiryOf,
  isLive,
  stepsOf,
  type TemplateClaim,
  type TemplateKeys,
  type TemplateStep,
  type TemplateStore,
  type TemplateWrite,
  writeOf,
} from './template-store.ts';

/** The content is encrypted. */
export type SealedTemplate = TemplateRecord & { readonly content: Uint8Array };

/** The templates of one tenant. */
export function tenantTemplates(scope: TenantScope, keys: TenantKeys): TemplateStore {
  const table = tenantTable(scope);
  const names = namesOf(keys);
  const seal = ({ templateId, content }: Template) =>
    encryptField(keys, contextOf(scope, templateId), JSON.stringify(content));
  const load = (templateId: string) => loadTemplate(scope, keys, templateId);

  return {
    scope: 'tenant',
    load,
    findByKey: async (language, key) => {
      const claim = await table.get<TemplateClaim>(names.key(language, key), { consistent: true });
      return claim && load(claim.templateId);
    },
    holderOfShortcut: async (language, shortcut) => {
      const claim = await table.get<TemplateClaim>(names.shortcut(language, shortcut), { consistent: true });
      return claim?.templateId;
    },
    create: (template) => commit(scope, stepsOf(names, undefined, template, seal(template))),
    replace: (before, after) =>
      commit(scope, [...stepsOf(names, before, after, seal(after)), ...expirySteps(before, after)]),
  };
}

export async function loadTemplate(
  scope: TenantScope,
  keys: TenantKeys,
  templateId: string,
): Promise<Template | undefined> {
  const stored = await tenantTable(scope).get<SealedTemplate>(tableKeys.template(templateId), { consistent: true });
  return stored === undefined || isGone(stored, now()) ? undefined : openTemplate(scope, keys, stored);
}

export function openTemplate(scope: TenantScope, keys: TenantKeys, stored: SealedTemplate): Template {
  const content = decryptField(keys, contextOf(scope, stored.templateId), stored.content);
  return { ...recordIn(stored), scope: 'tenant', content: JSON.parse(content) as TemplateContent };
}

function contextOf(scope: TenantScope, templateId: string): readonly string[] {
  return [scope.tenantId, 'template', templateId, 'content'];
}

/** The stored claims reveal neither keys nor shortcuts. */
function namesOf(keys: TenantKeys): TemplateKeys<Key> {
  return {
    template: tableKeys.template,
    count: tableKeys.templateCount,
    key: (language, key) => tableKeys.templateKey(blindIndex(keys, 'template key', `${language}\n${key}`)),
    shortcut: (language, shortcut) =>
      tableKeys.templateShortcut(blindIndex(keys, 'template shortcut', `${language}\n${shortcut}`)),
  };
}

/** The count of uses expires with its template. */
function expirySteps(before: Template, after: Template): readonly TemplateStep<Key>[] {
  if (isLive(before) === isLive(after)) return [];
  const { templateId, deletedAt } = after;
  const update =
    deletedAt === undefined
      ? { expression: 'REMOVE #expiresAt ADD #uses :none', values: { none: 0 } }
      : {
          expression: 'SET #expiresAt = :expiresAt ADD #uses :none',
          values: { none: 0, expiresAt: expiryOf(deletedAt) },
        };
  return [{ label: 'uses', key: tableKeys.templateUses(templateId), update }];
}

async function commit(scope: TenantScope, steps: readonly TemplateStep<Key>[]): Promise<TemplateWrite> {
  const work = unitOfWork(scope);
  for (const { label, key, item, update, condition } of steps) {
    if (item !== undefined) work.put(label, key, item, condition);
    else if (update !== undefined) work.update(label, key, update, condition);
    else work.delete(label, key, condition);
  }
  return writeOf(await work.commit());
}
