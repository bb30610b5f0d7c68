import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readStage } from '../../lib/settings.ts';
import { DataStack } from '../../lib/stacks/data-stack.ts';
import { EdgeStack } from '../../lib/stacks/edge-stack.ts';
import { type DeployableStack, DeployedAccount, exportsOf, importsOf, stacksInOrder } from './deployed-account.ts';
import { projectContext } from './project-context.ts';
import { prepareStage } from './synthesised-stage.ts';
import type { StageName } from './template-check/setting-variants.ts';

type Changes = Readonly<Record<string, unknown>>;

const stages = ['dev', 'prod'] as const;
const synthesised = new Map<string, readonly DeployableStack[]>();

function stacksOf(stage: StageName, changes: Changes = {}): readonly DeployableStack[] {
  const key = `${stage} ${JSON.stringify(changes)}`;
  const cached = synthesised.get(key);
  if (cached !== undefined) return cached;
  const stacks = stacksInOrder(prepareStage(stage, changes).app.synth());
  synthesised.set(key, stacks);
  return stacks;
}

function deployInTurn(stage: StageName, ...steps: readonly Changes[]): DeployedAccount {
  const account = new DeployedAccount();
  for (const changes of steps) account.deploy(stacksOf(stage, changes));
  return account;
}

function exclusively(stacks: readonly DeployableStack[], ...parts: readonly string[]): readonly DeployableStack[] {
  return stacks.filter(({ name }) => parts.some((part) => name.endsWith(`-${part}`)));
}

function laterRelease(stacks: readonly DeployableStack[]): readonly DeployableStack[] {
  const added = 'switchboard-prod-data:Later';
  return stacks.map(({ name, template }) => {
    if (name.endsWith('-data')) {
      const later = { Value: { Ref: 'Later' }, Export: { Name: added } };
      return { name, template: { ...template, Outputs: { ...template.Outputs, Later: later } } };
    }
    if (!name.endsWith('-api')) return { name, template };
    const user = { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::ImportValue': added } } };
    return { name, template: { ...template, Resources: { ...template.Resources, Later: user } } };
  });
}

describe('the set of exports of a stage', () => {
  it.each(stages)('has the same exports in stage %s whether or not another stack imports them', (name) => {
    const app = new App({
      context: projectContext,
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false,
    });
    const stage = readStage(name, projectContext.stages);
    const common = (part: string) => ({
      stage,
      env: { region: stage.settings.region },
      stackName: `${stage.prefix}-${part}`,
    });
    const { bucketName: filesBucketName } = new DataStack(app, 'data', common('data')).filesBucket;
    new EdgeStack(app, 'edge', { ...common('edge'), filesBucketName, siteDirectory: undefined });
    const alone = stacksInOrder(app.synth()).flatMap(({ template }) => [...exportsOf(template)]);
    const whole = stacksOf(name).flatMap(({ template }) => [...exportsOf(template)]);
    expect(alone.sort()).toEqual(whole.sort());
  });

  it.each(stages)('includes every import in the first stacks of stage %s', (name) => {
    const stacks = stacksOf(name);
    const first = exclusively(stacks, 'data', 'edge').flatMap(({ template }) => [...exportsOf(template).keys()]);
    const imported = stacks.flatMap(({ template }) => [...importsOf(template)]);
    expect(imported.length).toBeGreaterThan(0);
    expect(first).toEqual(expect.arrayContaining(imported));
  });
});

describe('a later release that imports more', () => {
  const before = stacksOf('prod');
  const later = laterRelease(before);

  it('is deployed with all stacks at once', () => {
    const account = new DeployedAccount();
    account.deploy(before);
    expect(() => account.deploy(later)).not.toThrow();
  });

  it('can be rolled back if consumers are rolled back first', () => {
    const account = new DeployedAccount();
    account.deploy(later);
    expect(() => account.deploy(before)).toThrow(/Later cannot be deleted as it is in use by switchboard-prod-api/);
    account.deploy(exclusively(before, 'observability', 'events', 'api'));
    expect(() => account.deploy(before)).not.toThrow();
  });
});

describe('the table of a stage', () => {
  const restored = (name: string) => ({ restoredTable: { name, streamLabel: '2026-11-20T08:30:00.000' } });

  it('is replaced by a restored table, then by another restored table, then by the original one', () => {
    const account = deployInTurn('prod', {}, restored('restored-first'), restored('restored-second'), {});
    expect(account.stackNames.length).toBeGreaterThanOrEqual(5);
  });
});

describe('the key of access tokens', () => {
  it('is replaced in three deployments, each of which can be reverted', () => {
    const steps = [{}, { signingKeys: [1, 2] }, { signingKeys: [2, 1] }, { signingKeys: [2] }];
    expect(deployInTurn('prod', ...steps, ...steps.toReversed()).stackNames.length).toBeGreaterThanOrEqual(5);
  });

  it('is replaced in one deployment when tokens must end immediately', () => {
    expect(deployInTurn('prod', {}, { signingKeys: [2] }).stackNames.length).toBeGreaterThanOrEqual(5);
  });
});

describe('DeployedAccount', () => {
  const producer = (value: string): DeployableStack => ({
    name: 'producer',
    template: { Outputs: { Out: { Value: value, Export: { Name: 'shared' } } } },
  });
  const consumer: DeployableStack = {
    name: 'consumer',
    template: { Resources: { User: { Type: 'Any', ...{ Properties: { 'Fn::ImportValue': 'shared' } } } } },
  };
  const deployed = () => {
    const account = new DeployedAccount();
    account.deploy([producer('one'), consumer]);
    return account;
  };

  it.each([
    ['the change of an export in use', producer('two'), /shared cannot be updated as it is in use by consumer/],
    ['the removal of an export in use', { name: 'producer', template: {} }, /shared cannot be deleted as it is in use/],
    ['an export with an existing name', { ...producer('one'), name: 'other' }, /shared is already exported/],
  ])('rejects %s', (_, stack, message) => {
    expect(() => deployed().deploy([stack])).toThrow(message);
  });

  it('rejects an import without an export, and the removal of a stack in use', () => {
    expect(() => new DeployedAccount().deploy([consumer])).toThrow(/No export named shared found/);
    expect(() => deployed().destroy('producer')).toThrow(/in use by consumer/);
  });
});
