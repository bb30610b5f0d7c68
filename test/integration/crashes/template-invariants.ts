import { expect } from 'vitest';
import { keys, templatePartition, templatePrefix } from '../../../shared/core/table/keys.ts';
import type { CrashWorld } from './crash-world.ts';

/** Creates the template if it does not exist. Does not call the function `templates`. */
export async function loadedTemplate({ test, slug }: CrashWorld, key: string): Promise<string> {
  const existing = { kind: 'reply', key, name: 'Reply', language: 'en', text: 'Hello {name}' } as const;
  const loaded = await test.provision({ command: 'loadTemplates', tenant: slug, templates: [existing] });
  const id = loaded.ok && 'templates' in loaded ? loaded.templates[0]?.id : undefined;
  if (id === undefined) throw new Error('No template was loaded');
  return id;
}

/** Every template that is not deleted has one key, and at most one shortcut, and is counted once. */
export async function expectTemplatesInOrder({ tables, prefix }: CrashWorld): Promise<void> {
  const items = (await tables.items()).filter(({ pk }) => pk.startsWith(prefix));
  const live = items.filter(
    ({ pk, sk, ...item }) =>
      pk === prefix + templatePartition && sk.startsWith(templatePrefix) && item['deletedAt'] === undefined,
  );
  const ids = live.map((item) => item['templateId']).sort();
  const holders = (kind: string) =>
    items
      .filter(({ pk }) => pk.startsWith(`${prefix}${kind}#`))
      .map((item) => item['templateId'])
      .sort();
  expect(holders('TEMPLATEKEY')).toEqual(ids);
  const withShortcut = holders('SHORTCUT');
  expect(new Set(withShortcut).size).toBe(withShortcut.length);
  expect(ids).toEqual(expect.arrayContaining(withShortcut));
  const { pk, sk } = keys.templateCount();
  expect(await tables.get(prefix + pk, sk)).toMatchObject({ templates: ids.length });
}
