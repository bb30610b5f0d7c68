import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportsOf } from './deployed-account.ts';
import { namedResources } from './named-resources.ts';
import { everySetting } from './project-context.ts';
import { type SynthesisedStage, synthesiseStage } from './synthesised-stage.ts';

const prod = synthesiseStage('prod', everySetting);
const dev = synthesiseStage('dev');
const elsewhere = synthesiseStage('dev', { region: 'us-east-1' });

const pinnedFile = join(import.meta.dirname, 'named-resources.json');
const pinned = JSON.parse(readFileSync(pinnedFile, 'utf8')) as Readonly<Record<string, string>>;

function idsByName(stage: SynthesisedStage): Readonly<Record<string, string>> {
  const resources = namedResources(stage).map(({ name, id }) => [name, id] as const);
  const exports = Object.entries(stage.templates).flatMap(([stack, template]) =>
    [...exportsOf(template.toJSON())].map(([name, value]) => [`export ${name}`, `${stack}/${value}`] as const),
  );
  return Object.fromEntries([...resources, ...exports].sort());
}

function namesOf(stage: SynthesisedStage, ...scopes: readonly string[]): readonly string[] {
  return namedResources(stage)
    .filter(({ scope }) => scopes.includes(scope))
    .map(({ name }) => name);
}

describe('a named resource', () => {
  /**
   * CloudFormation creates the new logical id before it removes the old one, so the name is taken. Use `cdk refactor`,
   * or two deployments: first without the resource. https://docs.aws.amazon.com/cdk/v2/guide/refactor.html
   */
  it('keeps its logical id while it keeps its name', () => {
    const now = idsByName(prod);
    const moved = Object.entries(pinned).filter(([name, id]) => name in now && now[name] !== id);
    expect(moved).toEqual([]);
  });

  it('is listed in named-resources.json (after an addition or a removal: run this file with -u)', async () => {
    await expect(`${JSON.stringify(idsByName(prod), undefined, 2)}\n`).toMatchFileSnapshot(pinnedFile);
  });

  it('is unique in a stage', () => {
    for (const stage of [prod, dev]) {
      const names = namesOf(stage, 'account', 'region', 'owner');
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  it('has another name in another stage', () => {
    const namesInUse = new Set(namesOf(prod, 'account', 'region'));
    expect(namesInUse.size).toBeGreaterThan(50);
    expect(namesOf(dev, 'account', 'region').filter((name) => namesInUse.has(name))).toEqual([]);
  });

  it('has another name in another region if names are unique in the account', () => {
    const namesInUse = new Set(namesOf(dev, 'account'));
    expect(namesInUse.size).toBeGreaterThan(5);
    expect(namesOf(elsewhere, 'account').filter((name) => namesInUse.has(name))).toEqual([]);
  });

  it('is not retained when its stage is removed, because its name would block a later deployment', () => {
    for (const stage of [prod, dev]) {
      const retained = namedResources(stage).filter(({ resource }) => resource.DeletionPolicy?.startsWith('Retain'));
      expect(retained.map(({ id }) => id)).toEqual([]);
    }
  });
});

describe('a first deployment that fails', () => {
  it('leaves only the account’s logging role, which has no fixed name and costs nothing', () => {
    for (const stage of [prod, dev]) {
      const remaining = Object.values(stage.templates).flatMap((template) =>
        Object.entries((template.toJSON() as { Resources: Record<string, { DeletionPolicy?: string }> }).Resources)
          .filter(([, resource]) => resource.DeletionPolicy === 'Retain')
          .map(([id]) => id.replace(/[0-9A-F]{8}$/, '')),
      );
      // Without the role, the account's API Gateway setting would name a missing role.
      expect(remaining.sort()).toEqual(['LoggingAccount', 'LoggingRole']);
    }
  });

  it('creates the tables last, because their protection blocks a rollback', () => {
    const { Resources: resources } = prod.templates.data.toJSON() as {
      Resources: Record<string, { Type: string; DependsOn?: string[] }>;
    };
    const isTable = ([, { Type: type }]: [string, { Type: string }]) => type === 'AWS::DynamoDB::GlobalTable';
    const tables = Object.entries(resources).filter(isTable);
    const otherIds = Object.keys(resources).filter((id) => !tables.some(([table]) => table === id));
    expect(tables).toHaveLength(2);
    for (const [, { DependsOn: dependencies = [] }] of tables) expect(dependencies.sort()).toEqual(otherIds.sort());
  });
});
