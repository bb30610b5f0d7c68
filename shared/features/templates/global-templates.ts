import { now } from '../../core/runtime/clock.ts';
import {
  type PlatformKey,
  platformKeys,
  templateIdOf,
  templatePartition,
  templatePrefix,
} from '../../core/table/keys.ts';
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

type GlobalTemplate = TemplateRecord & { readonly content: TemplateContent };

/** The templates of the platform, which every tenant reads. */
export function globalTemplates(): TemplateStore {
  const table = platformTable();
  const open = (stored: GlobalTemplate): Template => ({
    ...recordIn(stored),
    scope: 'global',
    content: stored.content,
  });
  const load = async (templateId: string): Promise<Template | undefined> => {
    const stored = await table.get<GlobalTemplate>(platformKeys.template(templateId), { consistent: true });
    return stored === undefined || isGone(stored, now()) ? undefined : open(stored);
  };

  return {
    scope: 'global',
    load,
    list: async (limit, after) => {
      const { items, lastSortKey } = await table.query<GlobalTemplate>({
        ...{ pk: templatePartition, beginsWith: templatePrefix, limit, consistent: true },
        ...(after === undefined ? {} : { after: platformKeys.template(after).sk }),
      });
      const at = now();
      return {
        templates: items.filter((item) => !isGone(item, at)).map(open),
        lastTemplateId: lastSortKey && templateIdOf({ sk: lastSortKey }),
      };
    },
    findByKey: async (language, key) => {
      const claim = await table.get<TemplateClaim>(names.key(language, key), { consistent: true });
      return claim && load(claim.templateId);
    },
    create: (template) => commit(stepsOf(names, undefined, template, template.content)),
    replace: (before, after) => commit(stepsOf(names, before, after, after.content)),
  };
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
