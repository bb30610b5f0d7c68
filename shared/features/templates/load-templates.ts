import type { NewTemplate } from '../../contract/schemas/template.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { addTemplate } from './create-template.ts';
import { globalTemplates } from './global-templates.ts';
import { contentOf, withContent } from './template-rules.ts';
import type { TemplateStore } from './template-store.ts';
import { tenantTemplates } from './tenant-templates.ts';
import { refusalOf } from './write-refusal.ts';

export interface LoadedTemplate {
  readonly key: string;
  readonly language: string;
  /** Absent if the template is rejected, or would be created. */
  readonly id?: string;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'rejected';
  /** Of a rejected template. */
  readonly detail?: string;
}

/**
 * Creates or replaces templates by key and language, in the given order. Without a scope, they are global.
 *
 * @param dryRun - changes nothing.
 */
export async function loadTemplates(
  scope: TenantScope | undefined,
  templates: readonly NewTemplate[],
  dryRun: boolean,
): Promise<readonly LoadedTemplate[]> {
  const store = scope === undefined ? globalTemplates() : tenantTemplates(scope, await tenantKeys(scope));
  const loaded: LoadedTemplate[] = [];
  for (const input of templates) {
    const { key, language } = input;
    loaded.push({ key, language, ...(await loadTemplate(store, input, dryRun)) });
  }
  return loaded;
}

type Result = Omit<LoadedTemplate, 'key' | 'language'>;

const rejected = (detail: string): Result => ({ outcome: 'rejected', detail });

async function loadTemplate(store: TemplateStore, input: NewTemplate, dryRun: boolean): Promise<Result> {
  const { key, kind, language, shortcut } = input;
  for (;;) {
    const existing = await store.findByKey(language, key);
    if (dryRun && shortcut !== undefined) {
      const holder = await store.holderOfShortcut(language, shortcut);
      if (holder !== undefined && holder !== existing?.templateId) return rejectedBy(refusalOf('shortcut-taken'));
    }
    if (existing === undefined) {
      if (dryRun) return { outcome: 'created' };
      const outcome = await addTemplate(store, input);
      if (isRefusal(outcome)) return rejectedBy(outcome);
      return { id: outcome.template.templateId, outcome: outcome.created ? 'created' : 'unchanged' };
    }
    if (existing.kind !== kind) return rejected(`/kind never changes, and is ${existing.kind}: choose another key`);
    const id = existing.templateId;
    const after = withContent(existing, contentOf(input), now());
    if (after === existing) return { id, outcome: 'unchanged' };
    if (dryRun) return { id, outcome: 'updated' };
    const write = await store.replace(existing, after);
    if (write === 'written') return { id, outcome: 'updated' };
    // The template changed since it was read: retry.
    if (write !== 'changed') return rejectedBy(refusalOf(write));
  }
}

function rejectedBy({ refused, detail, errors = [] }: Refusal): Result {
  const [error] = errors;
  return rejected(error === undefined ? (detail ?? refused.title) : `${error.pointer} ${error.detail}`);
}
