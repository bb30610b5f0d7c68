import { beforeAll, expect, it } from 'vitest';
import { TenantScope } from '../tenancy/tenant-scope.ts';
import { keys, logSortKey, platformKeys, seqOf } from './keys.ts';
import { fromStored, fullKey, platformKeyspace, tenantKeyspace, toStored } from './keyspace.ts';

const tenantId = '01J0000000000000000000000A';
const scope = TenantScope.fromEnvelope({ tenantId });

beforeAll(() => {
  process.env['TABLE_NAME'] = 'table';
});

it('adds the tenant’s prefix to the keys of table and index, and removes it again', () => {
  const stored = toStored(tenantKeyspace(scope), keys.user('u'), { collectionPk: 'USERS', name: 'Ann' });
  expect(stored).toEqual({ pk: `T#${tenantId}#U#u`, sk: 'PROFILE', collectionPk: `T#${tenantId}#USERS`, name: 'Ann' });
  expect(fromStored(tenantKeyspace(scope), stored)).toEqual({
    pk: 'U#u',
    sk: 'PROFILE',
    collectionPk: 'USERS',
    name: 'Ann',
  });
});

it('ignores key attributes of the item', () => {
  const stored = toStored(tenantKeyspace(scope), keys.user('u'), { pk: 'T#other#U#u', sk: 'X' });
  expect(stored).toEqual({ pk: `T#${tenantId}#U#u`, sk: 'PROFILE' });
});

it('throws on items of another tenant, of a tenant whose id has the same beginning, and of the platform', () => {
  for (const pk of ['T#01J0000000000000000000000B#U#u', `T#${tenantId}B#U#u`, 'P#SLUG#demo', '']) {
    expect(() => fromStored(tenantKeyspace(scope), { pk, sk: 'PROFILE' })).toThrow('another keyspace');
  }
  const foreignIndex = { pk: `T#${tenantId}#U#u`, sk: 'PROFILE', collectionPk: 'T#01J0000000000000000000000B#USERS' };
  expect(() => fromStored(tenantKeyspace(scope), foreignIndex)).toThrow('another keyspace');
});

it('adds the platform’s prefix to the platform’s keys', () => {
  expect(fullKey(platformKeyspace(), platformKeys.tenantBySlug('demo')).pk).toBe('P#SLUG#demo');
});

it('creates keys of log entries that sort by number', () => {
  const seqs = [1, 2, 9, 10, 99, 100, 999_999_999_999];
  expect(seqs.map(logSortKey).sort()).toEqual(seqs.map(logSortKey));
  expect(seqs.map((seq) => seqOf({ sk: logSortKey(seq) }))).toEqual(seqs);
});

it('creates the same key for a pair of users in either order', () => {
  expect(keys.directPair('a', 'b')).toEqual(keys.directPair('b', 'a'));
});

it('creates a scope from a stream key of a tenant only', () => {
  expect(TenantScope.fromStreamKey(`T#${tenantId}#C#c`)?.tenantId).toBe(tenantId);
  expect(TenantScope.fromStreamKey('P#SLUG#demo')).toBeUndefined();
  expect(() => TenantScope.fromStreamKey('T##C#c')).toThrow();
});
