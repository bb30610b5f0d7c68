import { now } from '../../core/runtime/clock.ts';
import { type PlatformKey, platformKeys } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import { platformWork } from '../../core/table/unit-of-work.ts';
import { recordIn, type Template, type TemplateContent, type TemplateRecord } from './template.ts';
import { isGone } from './template-rules.ts';
import {
  stepsOf,
  type TemplateClaim,
  type TemplateKeys,
  type TemplateStep,
  type TemplateStore,
  type TemplateWrite,
  writeOf,
} from './template-store.ts';

export type GlobalTemplate = TemplateRecord & { readonly content: TemplateContent };

/** The templates of the platform, which every tenant reads. */
export function globalTemplates(): TemplateStore {
  const table = platformTable();
  return {
    scope: 'global',
    load: loadGlobalTemplate,
    findByKey: async (language, key) => {
      const claim = await table.get<TemplateClaim>(names.key(language, key), { consistent: true });
      return claim && loadGlobalTemplate(claim.templateId);
    },
    holderOfShortcut: async (language, shortcut) => {
      const claim = await table.get<TemplateClaim>(names.shortcut(language, shortcut), { consistent: true });
      return claim?.templateId;
    },
    create: (template) => commit(stepsOf(names, undefined, template, template.content)),
    replace: (before, after) => commit(stepsOf(names, before, after, after.content)),
  };
}

export async function loadGlobalTemplate(templateId: string): Promise<Template | undefined> {
  const stored = await platformTable().get<GlobalTemplate>(platformKeys.template(templateId), { consistent: true });
  return stored === undefined || isGone(stored, now()) ? undefined : openGlobalTemplate(stored);
}

export function openGlobalTemplate(stored: GlobalTemplate): Template {
  return { ...recordIn(stored), scope: 'global', content: stored.content };
}

const names: TemplateKeys<PlatformKey> = {
  template: platformKeys.template,
  count: platformKeys.templateCount,
  key: (language, key) => platformKeys.templateKey(`${language}#${key}`),
  shortcut: (language, shortcut) => platformKeys.templateShortcut(`${language}#${shortcut}`),
};

async function commit(steps: readonly TemplateStep<PlatformKey>[]): Promise<TemplateWrite> {
  const work = platformWork();
  for (const { label, key, item, update, condition } of steps) {
    if (item !== undefined) work.put(label, key, item, condition);
    else if (update !== undefined) work.update(label, key, update, condition);
    else work.delete(label, key, condition);
  }
  return writeOf(await work.commit());
}
