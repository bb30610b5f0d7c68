import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveGrants, grantsFor, serialisedGrants } from '../../bin/grants/derive-grants.ts';
import { CodeReader } from '../../bin/grants/reached-code.ts';
import { functionNames } from '../../lib/functions/definitions.ts';

const table =
  "import { keysTable, ScopedTable, tenantTable, type TenantTable } from '../shared/core/table/scoped-table.ts';";
const keys = "import { type Key, keys } from '../shared/core/table/keys.ts';";
const scope = "import type { TenantScope } from '../shared/core/tenancy/tenant-scope.ts';";
const settings = "import { config } from '../shared/core/runtime/config.ts';";
const store = "import { files, type ObjectStore } from '../shared/features/attachments/object-store.ts';";
const publishing = '../shared/features/projector/bus-events.ts';
const toTable = (body: string) => `${table}${keys}${scope} export const handler = (scope: TenantScope) => { ${body} };`;
const toConfig = (body: string) => `${settings} export const handler = () => { ${body} };`;
const toKms = (imports: string, body: string) =>
  `${imports} ${settings} export const handler = () => [config.dataKeyId, ${body}];`;

const followed: Readonly<Record<string, readonly [text: string, found: string]>> = {
  'a renamed command': [
    toKms("import { DecryptCommand as Unwrap } from '@aws-sdk/client-kms';", 'new Unwrap({})'),
    'dataKeyId Decrypt',
  ],
  'a command of a namespace': [
    toKms("import * as kms from '@aws-sdk/client-kms';", 'new kms.DecryptCommand({})'),
    'dataKeyId Decrypt',
  ],
  'a command in a variable': [
    toKms("import { DecryptCommand } from '@aws-sdk/client-kms'; const Unwrap = DecryptCommand;", 'new Unwrap({})'),
    'dataKeyId Decrypt',
  ],
  'a command of the lean client': [
    toKms("import { DecryptCommand as Unwrap } from '../shared/core/aws/key-commands.ts';", 'Unwrap'),
    'dataKeyId Decrypt',
  ],
  'a renamed store': [
    `import { files as objects } from '../shared/features/attachments/object-store.ts'; ${scope}
     export const handler = (scope: TenantScope) => objects.delete(scope, 'x');`,
    'files DeleteObject',
  ],
  'a renamed config': [
    "import { config as settings } from '../shared/core/runtime/config.ts'; export const handler = () => settings.mailFrom;",
    'mailFrom',
  ],
  'a statement that runs on import': [
    `import { publish } from '${publishing}'; void publish([]); export const handler = () => undefined;`,
    'eventBusName PutEvents',
  ],
  'the constructor of a base class': [
    `import { publish } from '${publishing}'; class Base { constructor() { void publish([]); } }
     class Derived extends Base {} export const handler = () => new Derived();`,
    'eventBusName PutEvents',
  ],
  'a method of a subclass': [
    toTable(`class Own extends ScopedTable<Key> { wipe() { return this.delete(keys.conversation('x')); } }
             return (own: Own) => own.wipe();`),
    'table DeleteItem',
  ],
};

const rejected: Readonly<Record<string, readonly [text: string, error: RegExp]>> = {
  'a client with methods for commands': [
    toKms("import { KMS } from '@aws-sdk/client-kms';", 'new KMS({}).decrypt({})'),
    /:1 uses KMS of the AWS SDK/,
  ],
  'a paginator': [
    toKms("import { paginateQuery } from '@aws-sdk/lib-dynamodb';", 'paginateQuery'),
    /uses paginateQuery/,
  ],
  'a presigned form outside the stores': [
    toKms("import { createPresignedPost } from '@aws-sdk/s3-presigned-post';", 'createPresignedPost'),
    /uses createPresignedPost/,
  ],
  'a dynamic import': [
    `export const handler = async () => (await import('${publishing}')).publish([]);`,
    /imports a whole file dynamically/,
  ],
  'destructured settings': [toConfig('const { mailFrom } = config; return mailFrom;'), /uses config as a whole/],
  'a setting by a computed name': [toConfig("return config['mailFrom'];"), /uses config as a whole/],
  'a method by a computed name': [
    toTable("return tenantTable(scope)['delete'](keys.conversation('x'));"),
    /by a computed name/,
  ],
  'a table as another type': [
    toTable(`const wipe = (it: { delete(key: Key): unknown }) => it.delete(keys.conversation('x'));
             return wipe(tenantTable(scope));`),
    /passes on a ScopedTable as another type/,
  ],
  'the table of data keys in a variable': [
    toTable("const kept = keysTable(scope); return kept.delete(keys.conversation('x'));"),
    /keeps the table of data keys/,
  ],
  'a store in a variable': [
    `${store}${scope} export const handler = (scope: TenantScope) => { const kept = files; return kept.delete(scope, 'x'); };`,
    /does not name a store/,
  ],
  'a store as a parameter': [
    `${store}${scope} const wipe = (kept: ObjectStore, scope: TenantScope) => kept.delete(scope, 'x');
     export const handler = (scope: TenantScope) => wipe(files, scope);`,
    /does not name a store/,
  ],
};

const texts = Object.entries({ ...followed, ...rejected });
// One reader for all, because each reads the whole project.
const reader = new CodeReader(
  [...functionNames, ...texts.map(([name]) => name)],
  Object.fromEntries(texts.map(([name, [text]]) => [name, text])),
);
const grants = deriveGrants(functionNames, reader);
const nothing = { operations: new Set<string>(), commands: new Set<string>(), settings: new Set<string>() };

describe('lib/functions/grants.json', () => {
  it('contains exactly the grants that the functions’ code can use: run `npm run grants` after a change', () => {
    const committed = readFileSync(join(import.meta.dirname, '../../lib/functions/grants.json'), 'utf8');
    expect(committed).toBe(serialisedGrants(grants));
  });
});

describe('deriveGrants', () => {
  it('follows use cases, units of work and handlers that are passed by name', () => {
    // The unit of work is three calls away from the handler.
    expect(grants['conversations']?.table).toContain('ConditionCheckItem');
    expect(grants['conversations']?.sockets).toEqual(['POST']);
  });

  it('distinguishes the table of data keys, the platform’s items and the tenants’ items', () => {
    expect(grants['provision']?.keysTable).toEqual(['GetItem', 'PutItem']);
    expect(grants['authorize-socket']?.platformTable).toEqual(['GetItem', 'DeleteItem']);
    expect(grants['authorize-socket']?.table).toEqual(['GetItem']);
  });

  it('distinguishes uploads in quarantine from examined files', () => {
    expect(grants['sweep-attachments']?.files).toEqual([
      'quarantine DeleteObject',
      'files DeleteObject',
      'files ListBucket',
    ]);
  });

  it('distinguishes the signing key of tokens from that of records', () => {
    expect(grants['auth']?.signingKey).toEqual(['Sign', 'GetPublicKey']);
    expect(grants['auth']?.recordsKey).toBeUndefined();
    expect(grants['checkpoint-logs']?.recordsKey).toEqual(['Sign']);
  });

  it('grants nothing to code that calls nothing', () => {
    expect(grantsFor(nothing)).toEqual({});
  });

  it('adds the settings that no grant adds, and no setting twice', () => {
    const settings = new Set(['tableName', 'stagePrefix', 'publicUrl', 'originKey']);
    expect(grantsFor({ ...nothing, settings })).toEqual({ environment: ['originKey', 'publicUrl'] });
  });

  it('rejects a command whose grant it does not know', () => {
    const commands = new Set(['dataKeyId ScheduleKeyDeletion']);
    expect(() => grantsFor({ ...nothing, commands })).toThrow('Add the grants of dataKeyId ScheduleKeyDeletion');
  });
});

describe('CodeReader', () => {
  it.each(Object.entries(followed))('follows %s', (name, [, found]) => {
    const { operations, commands, settings: read } = reader.reach(name);
    expect([...operations, ...commands, ...read]).toContain(found);
  });

  it.each(Object.entries(rejected))('rejects %s, whose grants it could miss', (name, [, error]) => {
    expect(() => reader.reach(name)).toThrow(error);
  });
});
