import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Key } from '../../../shared/core/table/keys.ts';
import type * as Keyspace from '../../../shared/core/table/keyspace.ts';
import type { TenantScope } from '../../../shared/core/tenancy/tenant-scope.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { type Cast, castOf } from '../people.ts';
import { changesBetween, Tables } from '../system/tables.ts';

/** Removes the application's guards. Only the credentials still separate two tenants. */
async function withoutCheck(original: () => Promise<typeof Keyspace>): Promise<typeof Keyspace> {
  const keyspace = await original();
  const cut = (text: string) => text.replace(/^T#[^#]*#/, '');
  const fromStored = <Item>(_keyspace: Pick<Keyspace.Keyspace, 'prefix'>, stored: Keyspace.StoredItem) =>
    ({ ...stored, pk: cut(stored.pk) }) as unknown as Item & Key;
  return { ...keyspace, fromStored };
}

let test: TestRun;
let north: Cast;
let south: Cast;
let tables: Tables;

beforeAll(async () => {
  test = await startTestRun();
  north = await castOf(test, 'north');
  south = await castOf(test, 'south');
  tables = new Tables(test.run);
  const { accessKeyId, secretAccessKey } = test.run.aws.ownerCredentials;
  Object.assign(process.env, test.run.aws.environment, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
});
afterAll(() => test.stop());

async function codeOf(functionName: string) {
  vi.resetModules();
  vi.doMock('../../../shared/core/table/keyspace.ts', withoutCheck);
  const definition = test.run.functions.definitions.find(({ name }) => name === `switchboard-dev-${functionName}`);
  Object.assign(process.env, definition?.environment);
  const { TenantScope } = await import('../../../shared/core/tenancy/tenant-scope.ts');
  const { keysTable, tenantTable, ScopedTable } = await import('../../../shared/core/table/scoped-table.ts');
  const { unitOfWork } = await import('../../../shared/core/table/unit-of-work.ts');
  const { keys, collections } = await import('../../../shared/core/table/keys.ts');
  const { tenantKeys } = await import('../../../shared/core/encryption/data-keys.ts');
  const { platformClient } = await import('../../../shared/core/table/client.ts');
  const own = TenantScope.fromEnvelope({ tenantId: north.alice.tenantId });
  /** Claims to be the north's, but uses the south's keys. */
  const astray = TenantScope.fromEnvelope({ tenantId: north.alice.tenantId });
  const foreign = TenantScope.fromEnvelope({ tenantId: south.alice.tenantId });
  Object.defineProperty(astray, 'prefix', { value: foreign.prefix });
  return {
    own,
    astray,
    foreign,
    keysTable,
    tenantTable,
    ScopedTable,
    unitOfWork,
    keys,
    collections,
    tenantKeys,
    platformClient,
  };
}
type Code = Awaited<ReturnType<typeof codeOf>>;

const ways: readonly (readonly [
  string,
  string,
  (code: Code, scope: TenantScope, userId: string) => Promise<unknown>,
])[] = [
  ['get', 'users', ({ tenantTable, keys }, scope, user) => tenantTable(scope).get(keys.user(user))],
  [
    'get several',
    'conversations',
    ({ tenantTable, keys }, scope, user) => tenantTable(scope).batchGet([keys.user(user), keys.userAccess(user)]),
  ],
  [
    'query',
    'conversations',
    ({ tenantTable, keys }, scope, user) => tenantTable(scope).query({ pk: keys.user(user).pk }),
  ],
  [
    'query the index',
    'users',
    ({ tenantTable, collections }, scope) =>
      tenantTable(scope).queryCollection({ collection: collections.users, limit: 10 }),
  ],
  ['put', 'users', ({ tenantTable, keys }, scope) => tenantTable(scope).put(keys.handledEvent('x', 'y'), { at: 1 })],
  [
    'put under a condition',
    'users',
    ({ tenantTable, keys }, scope, user) =>
      tenantTable(scope).put(keys.user(user), {}, { expression: 'attribute_not_exists(#pk)' }),
  ],
  [
    'update',
    'conversations',
    ({ tenantTable, keys }, scope, user) =>
      tenantTable(scope).update(keys.userConnections(user), { expression: 'SET #probe = :one', values: { one: 1 } }),
  ],
  ['delete', 'users', ({ tenantTable, keys }, scope) => tenantTable(scope).delete(keys.handledEvent('x', 'y'))],
  [
    'put in a unit of work',
    'conversations',
    ({ unitOfWork, keys }, scope) => unitOfWork(scope).put('item', keys.handledEvent('x', 'z'), { at: 1 }).commit(),
  ],
  [
    'update in a unit of work',
    'conversations',
    ({ unitOfWork, keys }, scope, user) =>
      unitOfWork(scope)
        .update('item', keys.userConnections(user), { expression: 'SET #probe = :one', values: { one: 1 } })
        .commit(),
  ],
  [
    'delete in a unit of work',
    'users',
    ({ unitOfWork, keys }, scope) => unitOfWork(scope).delete('item', keys.handledEvent('x', 'z')).commit(),
  ],
  [
    'check in a unit of work',
    'conversations',
    ({ unitOfWork, keys }, scope, user) =>
      unitOfWork(scope).check('item', keys.user(user), { expression: 'attribute_exists(#pk)' }).commit(),
  ],
  ['wrapped data key', 'users', ({ keysTable }, scope) => keysTable(scope).get({ pk: 'KEYS', sk: 'V#000001' })],
  ['data key', 'users', ({ tenantKeys }, scope) => tenantKeys(scope)],
];

describe.each(ways)('%s', (_name, functionName, run) => {
  it('works for the caller’s tenant, and is denied for another tenant whatever the code passes', async () => {
    const code = await codeOf(functionName);
    await run(code, code.own, north.bob.userId);

    const again = await codeOf(functionName);
    const before = await tables.dump(({ pk }) => pk.startsWith(again.foreign.prefix));
    const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const outcome = await run(again, again.astray, south.bob.userId).catch((error: unknown) => error);
    const written = lines.mock.calls.map(([line]) => String(line)).join('');
    lines.mockRestore();
    expect(outcome).toMatchObject({ name: 'AccessDeniedException' });
    expect(written).toContain('"CrossTenantDenied":1');
    expect(written).toContain(`"event":"tenancy.denied"`);
    expect(written).toContain(`"tenantId":"${north.alice.tenantId}"`);
    const after = await tables.dump(({ pk }) => pk.startsWith(again.foreign.prefix));
    expect(changesBetween(before, after)).toEqual([]);
  });
});

it('reads the other tenant’s item without guards when the credentials open everything', async () => {
  const { astray, foreign, ScopedTable, keys, platformClient } = await codeOf('users');
  const tableName = process.env['TABLE_NAME'] ?? '';
  const table = new ScopedTable({ prefix: astray.prefix, tableName, client: platformClient });
  expect(astray.prefix).toBe(foreign.prefix);
  expect(await table.get(keys.user(south.bob.userId))).toMatchObject({ pk: keys.user(south.bob.userId).pk });
});
