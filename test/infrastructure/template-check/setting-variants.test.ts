import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readStage, stageSettings } from '../../../lib/settings.ts';
import { projectContext } from '../project-context.ts';
import { settingVariants, valuesToTry } from './setting-variants.ts';

const stages = ['dev', 'prod'] as const;

describe('settingVariants', () => {
  it.each(stages)('changes every setting of the schema in stage %s', (stage) => {
    const changed = settingVariants(stage).flatMap(({ changes }) => Object.keys(changes));
    expect(new Set(changed)).toEqual(new Set(Object.keys(stageSettings.shape)));
  });

  it.each(stages)('returns valid settings of stage %s with unique names', (stage) => {
    const variants = settingVariants(stage);
    expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
    for (const { name, changes } of variants) {
      const settings = { ...projectContext.stages[stage], ...changes };
      expect(() => readStage(stage, { [stage]: settings }), name).not.toThrow();
    }
  });

  it('includes each optional part of a setting with and without it', () => {
    const domains = settingVariants('dev').flatMap(({ changes }) => ('domain' in changes ? [changes['domain']] : []));
    expect(domains).toContainEqual(expect.objectContaining({ hostedZone: expect.anything() }));
    expect(domains).toContainEqual(expect.not.objectContaining({ hostedZone: expect.anything() }));
  });

  it.each([
    ['a number', z.int()],
    ['an optional text', z.string().optional()],
    ['an object with an optional part', z.strictObject({ part: z.string().optional() })],
  ])('rejects %s that has no example', (_, schema) => {
    const example = schema instanceof z.ZodObject ? {} : undefined;
    expect(() => valuesToTry('novelty', schema, example)).toThrow(/"novelty(\.part)?" has no valid example/);
  });

  it('requires no example for a boolean', () => {
    expect(valuesToTry('novelty', z.boolean().default(true), undefined)).toEqual([true, false]);
  });
});
