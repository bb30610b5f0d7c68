import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProvisioningCommand } from '../../../shared/features/provisioning/commands.ts';
import { type IdentitySystem, startIdentitySystem } from './identity-system.ts';
import { newPerson, password } from './people.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
});
afterAll(() => system.stop());

const account = (name: string) => {
  const { email, username, firstName, lastName } = newPerson(name);
  return { email, username, firstName, lastName, password };
};
const code = async (operation: ProvisioningCommand) => {
  const result = await system.provision(operation);
  return result.ok ? 'OK' : result.problem.code;
};

describe('provisioning', () => {
  it('creates a tenant once, with settings', async () => {
    const create = {
      command: 'createTenant',
      slug: 'north',
      name: 'North',
      settings: { messagesPerMinute: null },
    } as const;
    const first = await system.provision(create);
    expect(first).toMatchObject({
      ok: true,
      created: true,
      tenant: { slug: 'north' },
      settings: { name: 'North', messagesPerMinute: null, registration: 'open', textLength: 2000 },
    });
    const again = await system.provision({ ...create, settings: {} });
    expect(again).toEqual({ ...first, created: false });
  });

  it('creates a tenant once when ten attempts run at the same time', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () => system.provision({ command: 'createTenant', slug: 'race' })),
    );
    expect(results.filter((result) => result.ok && 'created' in result && result.created)).toHaveLength(1);
    const ids = results.map((result) => (result.ok && 'tenant' in result ? result.tenant.tenantId : ''));
    expect(new Set(ids).size).toBe(1);
  });

  it('changes only the settings in the command', async () => {
    await system.provision({ command: 'createTenant', slug: 'south', settings: { textLength: 500 } });
    const changed = await system.provision({
      command: 'changeSettings',
      tenant: 'south',
      settings: { registration: 'closed' },
    });
    expect(changed).toMatchObject({
      ok: true,
      settings: { textLength: 500, registration: 'closed', messagesPerMinute: 10 },
    });
    expect(await code({ command: 'changeSettings', tenant: 'nowhere', settings: {} })).toBe('TENANT_NOT_FOUND');
  });

  it('creates users and administrators once', async () => {
    const create = { command: 'createUser', tenant: 'north', ...account('anna'), role: 'agent' } as const;
    const first = await system.provision(create);
    expect(first).toMatchObject({ ok: true, created: true, user: { role: 'agent', status: 'active' } });
    expect(await system.provision(create)).toEqual({ ...first, created: false });
    expect(await system.provision({ command: 'createAdmin', tenant: 'north', ...account('bert') })).toMatchObject({
      user: { role: 'admin' },
    });
    expect(await system.provision({ command: 'createAdmin', ...account('carl') })).toMatchObject({
      user: { role: 'staff', tenantId: '00000000000000000000000000' },
    });
    expect(
      await system.provision({ command: 'createUser', tenant: 'north', ...account('dora'), active: false }),
    ).toMatchObject({ user: { status: 'pending' } });
  });

  it('returns problems as data', async () => {
    expect(await code({ command: 'createUser', tenant: 'nowhere', ...account('emil') })).toBe('TENANT_NOT_FOUND');
    expect(await code({ command: 'createUser', tenant: 'north', ...account('emil'), role: 'staff' })).toBe(
      'WRONG_ROLE',
    );
    expect(await code({ command: 'createUser', tenant: 'platform', ...account('emil') })).toBe('WRONG_ROLE');
    expect(await code({ command: 'createUser', tenant: 'north', ...account('frida'), username: 'anna' })).toBe(
      'USERNAME_TAKEN',
    );
    const wrong = await system.provision({ command: 'createTenant', slug: 'No Slug' });
    expect(wrong).toMatchObject({
      ok: false,
      problem: { code: 'VALIDATION_FAILED', errors: [{ pointer: '/command/slug' }], requestId: 'test' },
    });
    expect(await code({ command: 'destroy' } as unknown as ProvisioningCommand)).toBe('VALIDATION_FAILED');
  });

  it('lists and describes tenants', async () => {
    const all = await system.provision({ command: 'describe' });
    const slugs = all.ok && 'tenants' in all ? all.tenants.map(({ slug }) => slug) : [];
    expect(new Set(slugs)).toEqual(new Set(['north', 'race', 'south', 'platform']));
    expect(await system.provision({ command: 'describe', tenant: 'north' })).toMatchObject({
      tenant: { slug: 'north' },
    });
    expect(await code({ command: 'describe', tenant: 'nowhere' })).toBe('TENANT_NOT_FOUND');
  });
});
