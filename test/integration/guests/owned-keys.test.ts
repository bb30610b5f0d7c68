import type { KeyObject } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { KeyOwner } from '../../../shared/core/encryption/owned-keys.ts';
import { newId } from '../../../shared/core/runtime/ids.ts';
import { frozenClock } from '../identity/frozen-clock.ts';
import { type IdentitySystem, startIdentitySystem } from '../identity/identity-system.ts';

const advance = frozenClock();
const cacheLifeMs = 5 * 60 * 1000;

let system: IdentitySystem;
let north: string;
let south: string;
beforeAll(async () => {
  system = await startIdentitySystem();
  north = await newTenant('north');
  south = await newTenant('south');
});
afterAll(() => system.stop());

async function newTenant(slug: string): Promise<string> {
  const result = await system.provision({ command: 'createTenant', slug });
  if (!result.ok || !('tenant' in result)) throw new Error('The tenant was not created');
  return result.tenant.tenantId;
}

const newOwner = (): KeyOwner => `guest/${newId()}`;

/** Imports the code as a new execution environment, with empty caches. */
async function newEnvironment(tenantId: string) {
  vi.resetModules();
  const { createOwnedKey, destroyOwnedKey, ownedKeys } = await import('../../../shared/core/encryption/owned-keys.ts');
  const { tenantKeys } = await import('../../../shared/core/encryption/data-keys.ts');
  const { TenantScope } = await import('../../../shared/core/tenancy/tenant-scope.ts');
  const scope = TenantScope.fromEnvelope({ tenantId });
  return {
    create: (owner: KeyOwner) => createOwnedKey(scope, owner),
    read: (owner: KeyOwner) => ownedKeys(scope, owner),
    destroy: (owner: KeyOwner) => destroyOwnedKey(scope, owner),
    tenantKeys: () => tenantKeys(scope),
  };
}

const bytes = (key: KeyObject | undefined) => key?.export().toString('hex');

it('creates one key when 20 calls in 20 environments run at the same time', async () => {
  const owner = newOwner();
  const environments = [];
  for (let index = 0; index < 20; index += 1) environments.push(await newEnvironment(north));
  const created = await Promise.all(environments.map(({ create }) => create(owner)));
  expect(new Set(created.map(({ encryption }) => bytes(encryption))).size).toBe(1);
  expect(new Set(created.map(({ digest }) => bytes(digest))).size).toBe(1);
  expect(bytes((await (await newEnvironment(north)).read(owner))?.encryption)).toBe(bytes(created[0]?.encryption));
});

it('replaces the tenant’s encryption and digest keys only', async () => {
  const environment = await newEnvironment(north);
  const [owned, tenant] = [await environment.create(newOwner()), await environment.tenantKeys()];
  expect(bytes(owned.encryption)).not.toBe(bytes(tenant.encryption));
  expect(bytes(owned.digest)).not.toBe(bytes(tenant.digest));
  expect(owned).toMatchObject({ version: tenant.version, chain: tenant.chain, lookup: tenant.lookup });
});

it('returns no key for another tenant, or for an owner that has none', async () => {
  const owner = newOwner();
  await (await newEnvironment(north)).create(owner);
  expect(await (await newEnvironment(south)).read(owner)).toBeUndefined();
  expect(await (await newEnvironment(north)).read(newOwner())).toBeUndefined();
});

it('finds a key that was created after the first attempt to read it', async () => {
  const owner = newOwner();
  const environment = await newEnvironment(north);
  expect(await environment.read(owner)).toBeUndefined();
  const created = await (await newEnvironment(north)).create(owner);
  expect(bytes((await environment.read(owner))?.encryption)).toBe(bytes(created.encryption));
});

it('destroys a key at once in its environment, and in others when their caches expire', async () => {
  const owner = newOwner();
  const [one, other] = [await newEnvironment(north), await newEnvironment(north)];
  await one.create(owner);
  expect(await other.read(owner)).toBeDefined();
  await one.destroy(owner);
  await one.destroy(owner);
  expect(await one.read(owner)).toBeUndefined();
  advance(cacheLifeMs - 1);
  expect(await other.read(owner)).toBeDefined();
  advance(1);
  expect(await other.read(owner)).toBeUndefined();
});
