import { describe, expect, it } from 'vitest';
import { prepareStage } from '../synthesised-stage.ts';
import { uniqueNames } from './names.ts';
import { readStack, type Stack, stackSources } from './template.ts';

// The first synthesis compiles the CDK's own checks.
describe('the set of templates', { timeout: 120_000 }, () => {
  it('has no common name in two stages', () => {
    const [dev, prod] = (['dev', 'prod'] as const).map((stage) => {
      const stacks = stackSources(prepareStage(stage).app.synth()).map(readStack) as readonly Stack[];
      return uniqueNames(stacks);
    });
    expect(dev).not.toHaveLength(0);
    for (const names of [dev, prod]) expect(new Set(names).size).toBe(names?.length);
    expect(prod?.filter((name) => dev?.includes(name))).toEqual([]);
  });
});
