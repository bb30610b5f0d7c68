import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../shared/contract/registry.ts';
import { clientPlaces, leanClientPlaces } from './client-rules.ts';
import type { Rule } from './rule.ts';
import { pureFiles, rules, scopeMakers, useCaseRule } from './rules.ts';
import { parseSource, repositoryFiles } from './source-file.ts';
import type { SourceFile } from './source-file.ts';

const kebabCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const useCases = useCaseRule(new Set(routes.map((route) => kebabCase(route.operationId))));
const everyRule = [...rules, useCases];

function breaches(rule: Rule, files: readonly SourceFile[]): string[] {
  const all = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => rule.check(file, all).map((breach) => `${file.path} ${breach}`));
}

describe('the repository', () => {
  let files: readonly SourceFile[] = [];
  beforeAll(async () => {
    files = await repositoryFiles();
  });

  it('contains the files that the rules check', () => {
    const paths = files.map((file) => file.path);
    expect(paths).toEqual(expect.arrayContaining(['shared/contract/registry.ts', 'test/architecture/rules.ts']));
    expect(files.reduce((sum, file) => sum + file.imports.length, 0)).toBeGreaterThan(300);
  });

  it.each(everyRule.map((rule) => [rule.name, rule] as const))('obeys the rule: %s', (_name, rule) => {
    expect(breaches(rule, files)).toEqual([]);
  });

  it('contains every file that the rules name', () => {
    const paths = files.map((file) => file.path);
    const named = [
      ...pureFiles,
      ...Object.values(scopeMakers).flat(),
      ...Object.keys(leanClientPlaces),
      ...[...Object.values(clientPlaces), ...Object.values(leanClientPlaces)]
        .flat()
        .filter((path) => path.endsWith('.ts')),
    ];
    expect(named.filter((file) => !paths.includes(file))).toEqual([]);
  });

  it('has a function file for each group of operations', async () => {
    const { routesByFunction } = await import('../../shared/contract/registry.ts');
    const paths = files.map((file) => file.path);
    expect(paths).toEqual(
      expect.arrayContaining(Object.keys(routesByFunction).map((group) => `functions/${group}.ts`)),
    );
  });
});

const broken: readonly (readonly [rule: string, files: Readonly<Record<string, string>>, report: string])[] = [
  ['the contract', { 'shared/contract/a.ts': `import { x } from '../table/keys.ts';` }, 'imports ../table/keys.ts'],
  ['the contract', { 'shared/contract/a.ts': `import { x } from 'node:crypto';` }, 'imports node:crypto'],
  ['the contract', { 'shared/contract/a.ts': `import * as z from 'zod';` }, 'imports zod'],
  [
    'pure files',
    { 'shared/features/desk/queue-rules.ts': `import { get } from '../../core/table/scoped-table.ts';` },
    'imports ../../core/table',
  ],
  [
    'pure files',
    { 'shared/features/desk/queue-rules.ts': `import { createHash } from 'node:crypto';` },
    'imports node:crypto',
  ],
  ['pure files', { 'shared/features/desk/queue-rules.ts': `export const at = () => Date.now();` }, 'uses Date.now'],
  ['pure files', { 'shared/features/desk/queue-rules.ts': `export const at = () => new Date();` }, 'uses new Date'],
  [
    'pure files',
    { 'shared/features/desk/queue-rules.ts': `export const dice = () => Math.random();` },
    'uses Math.random',
  ],
  ['pure files', { 'shared/contract/a.ts': `export const at = Date.now();` }, 'uses Date.now'],
  [
    'each client',
    { 'shared/features/desk/a.ts': `import { X } from '@aws-sdk/lib-dynamodb';` },
    'imports @aws-sdk/lib-dynamodb',
  ],
  ['each client', { 'functions/a.ts': `const x = await import('@aws-sdk/client-dynamodb');` }, 'client-dynamodb'],
  ['each client', { 'shared/features/desk/a.ts': `import { KMSClient } from '@aws-sdk/client-kms';` }, 'client-kms'],
  ['each client', { 'shared/core/table/a.ts': `import { S3Client } from '@aws-sdk/client-s3';` }, 'client-s3'],
  [
    'each client',
    { 'shared/core/table/a.ts': `import { X } from '@aws-sdk/client-dynamodb';` },
    'imports @aws-sdk/client-dynamodb',
  ],
  [
    'each file of the lean client',
    { 'shared/features/desk/a.ts': `import { GetItemCommand } from '../../core/aws/table-commands.ts';` },
    'imports ../../core/aws/table-commands.ts',
  ],
  [
    'each file of the lean client',
    { 'shared/core/table/a.ts': `import { exchange } from '../aws/http-exchange.ts';` },
    'imports ../aws/http-exchange.ts',
  ],
  ['only the lean client', { 'shared/core/table/a.ts': `import { request } from 'node:https';` }, 'imports node:https'],
  ['only the lean client', { 'functions/a.ts': `export const handler = () => fetch('https://a');` }, 'uses fetch()'],
  [
    'only the lean client',
    { 'shared/core/table/a.ts': `export const get = globalThis.fetch;` },
    'uses globalThis.fetch',
  ],
  [
    'only the lean client',
    { 'shared/core/table/a.ts': `export const net = process.getBuiltinModule('node:net');` },
    'uses process.getBuiltinModule',
  ],
  ['functions', { 'functions/a.ts': `export const handler = 1;\n`.padEnd(100, '\n') }, 'lines'],
  ['functions', { 'functions/a.ts': `const limit = 3;\nexport const handler = () => limit;` }, 'besides imports'],
  ['functions', { 'functions/a.ts': `import { x } from '../shared/a.ts';` }, 'exports 0 handlers'],
  ['functions', { 'functions/a.ts': `export { a as handler, b } from '../shared/a.ts';` }, 'besides imports'],
  ['the stacks', { 'lib/a.ts': `import { x } from '../shared/conversations/send-message.ts';` }, 'imports ../shared'],
  [
    'the local run',
    { 'local/a.ts': `import { x } from '../shared/core/table/schema.ts';` },
    'imports ../shared/core/table',
  ],
  ['the local run', { 'local/a/b.ts': `export type X = import('../../lib/settings.ts').X;` }, 'imports ../../lib'],
  ['the client imports', { 'shared/client/a.ts': `import { x } from '../table/keys.ts';` }, 'imports ../table'],
  ['the client imports', { 'shared/client/a.ts': `import { x } from 'node:fs';` }, 'imports node:fs'],
  [
    'deployed code',
    { 'shared/features/desk/a.ts': `import { routes } from '../../contract/registry.ts';` },
    'registry.ts',
  ],
  ['deployed code', { 'functions/a.ts': `import { x } from '../local/contract.ts';` }, 'imports ../local'],
  [
    'a tenant',
    { 'shared/features/desk/a.ts': `import { markVerified } from '../../core/tenancy/tenant-scope.ts';` },
    'uses markVerified',
  ],
  [
    'a tenant',
    { 'shared/features/desk/a.ts': `export const s = TenantScope.fromEnvelope({ tenantId });` },
    'uses TenantScope.from',
  ],
  ['process.env', { 'shared/features/desk/a.ts': `export const name = process.env['NAME'];` }, 'reads process.env'],
  ['names', { 'shared/features/desk/utils.ts': '' }, 'is called utils'],
  ['names', { 'shared/helpers/a.ts': '' }, 'is called helpers'],
  ['names', { 'shared/features/desk/index.ts': '' }, 'is called index'],
  ['there are no barrels', { 'shared/a.ts': `export * from './b.ts';` }, 'exports from ./b.ts'],
  ['there are no barrels', { 'shared/a.ts': `export { b } from './b.ts';` }, 'exports from ./b.ts'],
  ['a file has at most', { 'bin/a.ts': '\n'.repeat(301) }, 'has 301 lines'],
  ['only tools', { 'shared/a.ts': `export default 1;` }, 'has a default export'],
  ['only tools', { 'shared/a.ts': `const a = 1;\nexport { a as default };` }, 'has a default export'],
  ['only tools', { 'shared/a.ts': `export default function a() {}` }, 'has a default export'],
  ['zod', { 'shared/a.ts': `import { z } from 'zod/mini';` }, 'imports names of zod/mini'],
  ['zod', { 'shared/a.ts': `import * as z from 'zod';` }, 'imports zod'],
  ['zod', { 'lib/a.ts': `import { string } from 'zod';` }, 'imports names of zod'],
  ['an import of', { 'shared/a.ts': `import { b } from './b';`, 'shared/b.ts': '' }, 'without its extension'],
  ['an import of', { 'shared/a.ts': `import { b } from './b.ts';` }, 'which does not exist'],
  [
    'no files import',
    { 'shared/a.ts': `import { b } from './b.ts';`, 'shared/b.ts': `import { a } from './a.ts';` },
    'is in an import cycle: shared/a.ts → shared/b.ts → shared/a.ts',
  ],
  ['a use case', { 'shared/features/messages/send-message.ts': '\n'.repeat(121) }, 'has 121 lines'],
];

describe('a rule', () => {
  it.each(broken)('“%s …” reports a breach: %j', (start, files, report) => {
    const rule = everyRule.find(({ name }) => name.startsWith(start));
    if (rule === undefined) throw new Error(`No rule begins with “${start}”`);
    const parsed = Object.entries(files).map(([path, text]) => parseSource(path, text));
    expect(breaches(rule, parsed).join('\n')).toContain(report);
  });

  it('has at least one example of a breach', () => {
    const unproven = everyRule.filter(({ name }) => !broken.some(([start]) => name.startsWith(start)));
    expect(unproven.map((rule) => rule.name)).toEqual([]);
  });

  it('accepts allowed code', () => {
    const allowed = {
      'shared/contract/a.ts': `import * as z from 'zod/mini';\nimport type { B } from './b.ts';`,
      'shared/contract/b.ts': `import type { A } from './a.ts';\nexport type B = 1;`,
      'shared/features/desk/queue-rules.ts': `import type { X } from '../../core/table/scoped-table.ts';\nexport const day = (at: number) => new Date(at);`,
      'shared/core/table/scoped-table.ts': `import { GetItemCommand } from '../aws/table-commands.ts';`,
      'shared/core/aws/table-commands.ts': `import { request } from 'node:https';`,
      'shared/core/runtime/config.ts': `export const a = process.env['A'];`,
      'functions/desk.ts': `import { assign } from '../shared/features/desk/assign.ts';\nexport const handler = assign;`,
      'functions/provision.ts': `export { assign as handler } from '../shared/features/desk/assign.ts';`,
      'shared/features/desk/assign.ts': `// export default process.env\nexport const assign = 'Date.now()';`,
      'lib/a.ts': `import * as z from 'zod';\nimport { tableSchema } from '../shared/core/table/schema.ts';`,
      'shared/core/table/schema.ts': '',
      'local/a.ts': `import { readFile } from 'node:fs/promises';\nimport type { B } from './b.ts';`,
      'local/b.ts': `export const time = Date.now();`,
    };
    const parsed = Object.entries(allowed).map(([path, text]) => parseSource(path, text));
    expect(everyRule.flatMap((rule) => breaches(rule, parsed))).toEqual([]);
  });
});
