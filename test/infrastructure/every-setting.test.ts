import { describe, expect, it } from 'vitest';
import { sampled } from '../faults/scale.ts';
import { DeployedAccount, stacksInOrder } from './deployed-account.ts';
import { prepareStage } from './synthesised-stage.ts';
import { checkStacks } from './template-check/check-stacks.ts';
import { settingVariants, type SettingVariant } from './template-check/setting-variants.ts';
import { stackSources } from './template-check/template.ts';

const synthesise = ({ stage, changes }: SettingVariant) => prepareStage(stage, changes).app.synth();

// `npm test` draws a sixteenth, because each variant takes half a second of CPU time.
describe.each(['dev', 'prod'] as const)('the stage %s', { timeout: 120_000 }, (stage) => {
  const [unchanged, everySetting, ...single] = settingVariants(stage);
  if (unchanged === undefined || everySetting === undefined) throw new Error('The stage has no variants');
  const assembly = synthesise(unchanged);

  it('can be deployed', () => {
    expect(checkStacks(stackSources(assembly))).toEqual([]);
  });

  it.each([everySetting, ...sampled(single, 16)])('can be deployed and changed as $name, and back', (variant) => {
    const changed = synthesise(variant);
    expect(checkStacks(stackSources(changed))).toEqual([]);
    // A stage in another region is another deployment.
    if ('region' in variant.changes) return;
    const account = new DeployedAccount();
    for (const step of [assembly, changed, assembly]) account.deploy(stacksInOrder(step));
    expect(account.stackNames.length).toBeGreaterThanOrEqual(5);
  });
});
