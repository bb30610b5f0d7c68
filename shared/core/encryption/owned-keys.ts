import { randomBytes } from 'node:crypto';
import { now } from '../runtime/clock.ts';
import { ExpiringCache } from '../runtime/expiring-cache.ts';
import { absent } from '../table/expression.ts';
import { ownedKeyKey } from '../table/keys.ts';
import { keysTable } from '../table/scoped-table.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { deriveKey, type TenantKeys, tenantKeys } from './data-keys.ts';
import { decryptField, encryptField } from './field-cipher.ts';

/** A person or conversation whose data is erased by destroying its key. */
export type KeyOwner = `guest/${string}` | `conversation/${string}`;

/** The owner of the keys of a support conversation's content. */
export const conversationOwner = (conversationId: string): KeyOwner => `conversation/${conversationId}`;

interface OwnedKeyRecord {
  /** The data key, encrypted under the tenant's key with tenant and owner as associated data. */
  readonly wrapped: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

type DerivedKeys = Pick<TenantKeys, 'encryption' | 'digest'>;

const keyBytes = 32;
/** An execution environment that does not destroy the key itself still uses it for this long. */
const cache = new ExpiringCache<DerivedKeys | undefined>({ lifeMs: 5 * 60 * 1000, size: 1000 });

/**
 * Creates the owner's key, or returns the existing one. Concurrent calls return the same key.
 * @returns the tenant's keys with the owner's `encryption` and `digest`.
 */
export async function createOwnedKey(scope: TenantScope, owner: KeyOwner): Promise<TenantKeys> {
  const existing = await ownedKeys(scope, owner);
  if (existing !== undefined) return existing;
  const keys = await tenantKeys(scope);
  const record: OwnedKeyRecord = { wrapped: wrapOwnedKey(keys, scope, owner, randomBytes(keyBytes)), createdAt: now() };
  const stored = await keysTable(scope).put(ownedKeyKey(owner), record, absent);
  const current = stored.written ? record : stored.existing;
  if (current === undefined) throw new Error('The key was destroyed while it was created');
  return { ...keys, ...deriveOwnedKeys(unwrapOwnedKey(keys, scope, owner, current.wrapped)) };
}

/**
 * The tenant's keys with the owner's `encryption` and `digest`, cached for 5 minutes.
 * @returns undefined if the key was destroyed or never existed.
 */
export async function ownedKeys(scope: TenantScope, owner: KeyOwner): Promise<TenantKeys | undefined> {
  const keys = await tenantKeys(scope);
  const derived = await cache.get(
    cacheKey(scope, owner),
    () => load(scope, owner, keys),
    (loaded) => loaded !== undefined,
  );
  return derived && { ...keys, ...derived };
}

/**
 * Destroys the owner's key, so that everything encrypted under it becomes unreadable: in this execution environment at
 * once, in all others within 5 minutes. Repeating it changes nothing. Never create a key for the same owner again: two
 * keys would be in use during that time.
 */
export async function destroyOwnedKey(scope: TenantScope, owner: KeyOwner): Promise<void> {
  await keysTable(scope).delete(ownedKeyKey(owner));
  cache.delete(cacheKey(scope, owner));
}

async function load(scope: TenantScope, owner: KeyOwner, keys: TenantKeys): Promise<DerivedKeys | undefined> {
  const stored = await keysTable(scope).get<OwnedKeyRecord>(ownedKeyKey(owner), { consistent: true });
  return stored && deriveOwnedKeys(unwrapOwnedKey(keys, scope, owner, stored.wrapped));
}

const cacheKey = (scope: TenantScope, owner: KeyOwner): string => `${scope.tenantId}/${owner}`;

const associatedData = ({ tenantId }: Pick<TenantScope, 'tenantId'>, owner: KeyOwner): readonly string[] => [
  tenantId,
  owner,
  'owned-key',
];

/** Encrypts a data key under the tenant's key. */
export function wrapOwnedKey(
  keys: TenantKeys,
  scope: Pick<TenantScope, 'tenantId'>,
  owner: KeyOwner,
  dataKey: Uint8Array,
): Uint8Array {
  return encryptField(keys, associatedData(scope, owner), Buffer.from(dataKey).toString('base64url'));
}

/** @throws Error if the wrapped key was changed, or belongs to another tenant or owner. */
export function unwrapOwnedKey(
  keys: TenantKeys,
  scope: Pick<TenantScope, 'tenantId'>,
  owner: KeyOwner,
  wrapped: Uint8Array,
): Uint8Array {
  return Buffer.from(decryptField(keys, associatedData(scope, owner), wrapped), 'base64url');
}

/** Derives the keys of both purposes, which also differ from those derived from the tenant's data key. */
export function deriveOwnedKeys(dataKey: Uint8Array): DerivedKeys {
  return { encryption: deriveKey(dataKey, 'owned/encryption'), digest: deriveKey(dataKey, 'owned/digest') };
}
