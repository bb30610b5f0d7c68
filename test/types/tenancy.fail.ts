import type { TenantKeys } from '../../shared/core/encryption/data-keys.ts';
import { encryptField } from '../../shared/core/encryption/field-cipher.ts';
import { keys, platformKeys } from '../../shared/core/table/keys.ts';
import { platformTable, tenantTable } from '../../shared/core/table/scoped-table.ts';
import { platformWork, unitOfWork } from '../../shared/core/table/unit-of-work.ts';
import { TenantScope } from '../../shared/core/tenancy/tenant-scope.ts';

// These must not compile. Each directive names the expected error.

declare const scope: TenantScope;
declare const dataKeys: TenantKeys;

export const allowed = [
  tenantTable(scope).get(keys.user('u')),
  platformTable().get(platformKeys.tenantBySlug('s')),
  unitOfWork(scope).put('user', keys.user('u'), {}).commit(),
  encryptField(dataKeys, ['user', 'name'], 'Alice'),
];

// @ts-expect-error TS2673 a scope is not made of any text
export const made = new TenantScope('01KAJ6Y3Z8W2Q4R7T9V1X5N0MB');

// @ts-expect-error TS2345 claims without verification
export const claimed = TenantScope.fromClaims({ tenantId: '01KAJ6Y3Z8W2Q4R7T9V1X5N0MB' });

// @ts-expect-error TS2345 an entry that is not the directory's
export const looked = TenantScope.fromDirectory({ tenantId: '01KAJ6Y3Z8W2Q4R7T9V1X5N0MB' });

// @ts-expect-error TS2741 an object of the same shape is not a scope
export const shaped: TenantScope = { tenantId: 'T', prefix: 'T#T#', toJSON: () => 'T' };

// @ts-expect-error TS2554 a table without a scope
export const unscoped = tenantTable();

// @ts-expect-error TS2345 a text is not a scope
export const named = tenantTable('01KAJ6Y3Z8W2Q4R7T9V1X5N0MB');

// @ts-expect-error TS2554 a change without a scope
export const unscopedWork = unitOfWork();

// @ts-expect-error TS2345 a tenant's key in the platform's keyspace
export const misplaced = platformTable().get(keys.user('u'));

// @ts-expect-error TS2345 a key of the platform in a tenant's part
export const escaped = tenantTable(scope).get(platformKeys.tenantBySlug('demo'));

// @ts-expect-error TS2345 one transaction over a tenant's data and the platform's: each has credentials of its own
export const mixed = unitOfWork(scope).put('user', keys.user('u'), {}).put('ticket', platformKeys.ticket('h'), {});

// @ts-expect-error TS2345 a tenant's key in a transaction of the platform
export const reached = platformWork().put('user', keys.user('u'), {});

// @ts-expect-error TS2339 there is no Scan
export const scanned = tenantTable(scope).scan();

// @ts-expect-error TS2345 encryption without the tenant's keys
export const encrypted = encryptField('secret', ['user', 'name'], 'Alice');
