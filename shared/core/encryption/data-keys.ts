import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { AwsClient } from '../aws/aws-client.ts';
import { DecryptCommand, GenerateDataKeyWithoutPlaintextCommand } from '../aws/key-commands.ts';
import { config } from '../runtime/config.ts';
import { now } from '../runtime/clock.ts';
import { ExpiringCache } from '../runtime/expiring-cache.ts';
import { absent } from '../table/expression.ts';
import { dataKeyKey } from '../table/keys.ts';
import { keysTable } from '../table/scoped-table.ts';
import { noteDenial } from '../tenancy/denials.ts';
import { tenantCredentials } from '../tenancy/tenant-credentials.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';

/** No key serves two purposes. Node uses a `KeyObject` four times as fast as bytes. */
export interface TenantKeys {
  readonly version: number;
  /** AES-256. */
  readonly encryption: KeyObject;
  /** HMAC-SHA-256. */
  readonly digest: KeyObject;
  /** HMAC-SHA-256. */
  readonly chain: KeyObject;
  /** HMAC-SHA-256. Always from the first version, so that stored hashes stay valid. */
  readonly lookup: KeyObject;
}

interface WrappedKey {
  readonly version: number;
  readonly wrapped: Uint8Array;
  readonly createdAt: number;
}

/** Disabling the KMS key takes effect within five minutes. */
const cache = new ExpiringCache<TenantKeys>({ lifeMs: 5 * 60 * 1000, size: 500 });
const firstVersion = 1;

/**
 * Cached for 5 minutes. The table of wrapped keys has no point-in-time recovery, so that destroying a key is final.
 * @throws if the tenant has no key or KMS refuses.
 */
export function tenantKeys(scope: TenantScope): Promise<TenantKeys> {
  return cache.get(scope.tenantId, () => load(scope));
}

async function load(scope: TenantScope): Promise<TenantKeys> {
  const stored = await keysTable(scope).get<WrappedKey>(dataKeyKey(firstVersion));
  if (stored === undefined) throw new Error('The tenant has no data key');
  const { Plaintext: plaintext } = await kmsOf(scope).send(
    new DecryptCommand({
      KeyId: config.dataKeyId,
      CiphertextBlob: stored.wrapped,
      EncryptionContext: { tenant: scope.tenantId },
    }),
  );
  if (plaintext === undefined) throw new Error('KMS returned no key');
  return {
    version: stored.version,
    encryption: deriveKey(plaintext, 'encryption'),
    digest: deriveKey(plaintext, 'digest'),
    chain: deriveKey(plaintext, 'chain'),
    lookup: deriveKey(plaintext, 'lookup'),
  };
}

function kmsOf(scope: TenantScope): AwsClient {
  return new AwsClient({
    credentials: tenantCredentials(scope),
    onError: (error) => noteDenial(error, scope.tenantId),
  });
}

/** HKDF, RFC 5869. */
export function deriveKey(dataKey: Uint8Array, purpose: string): KeyObject {
  const key = hkdfSync('sha256', dataKey, new Uint8Array(0), `switchboard/${purpose}/v1`, 32);
  return createSecretKey(new Uint8Array(key));
}

/** A second call changes nothing. */
export async function createDataKey(scope: TenantScope): Promise<void> {
  const { CiphertextBlob: wrapped } = await kmsOf(scope).send(
    new GenerateDataKeyWithoutPlaintextCommand({
      KeyId: config.dataKeyId,
      KeySpec: 'AES_256',
      EncryptionContext: { tenant: scope.tenantId },
    }),
  );
  if (wrapped === undefined) throw new Error('KMS returned no key');
  const key: WrappedKey = { version: firstVersion, wrapped, createdAt: now() };
  await keysTable(scope).put(dataKeyKey(firstVersion), key, absent);
}
