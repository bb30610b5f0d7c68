import { describe, expect, it } from 'vitest';
import { rolesThatMay } from '../../shared/contract/documents/roles-that-may.ts';
import { type Permission, permissionsOf } from '../../shared/contract/permissions.ts';
import { actions, routes } from '../../shared/contract/registry.ts';
import type { Role } from '../../shared/contract/schemas/user.ts';
import { allows } from '../../shared/core/tenancy/permissions.ts';

const operations = [
  ...routes.map(({ operationId, access }) => ({ name: operationId, access })),
  ...actions.map(({ action, access }) => ({ name: action, access })),
];

const isForGuests: Readonly<Record<Permission, boolean>> = {
  'conversations:read': true,
  'conversations:create': true,
  'conversations:change': true,
  'conversations:wipe': true,
  'devices:manage': true,
  'groups:manage': false,
  'messages:read': true,
  'messages:send': true,
  'messages:change': true,
  'messages:react': true,
  'messages:search': false,
  'notifications:manage': false,
  'drafts:manage': false,
  'attachments:upload': true,
  'attachments:download': true,
  'receipts:read': true,
  'receipts:update': true,
  'typing:announce': true,
  'presence:read': false,
  'presence:update': true,
  'sync:read': true,
  'profile:read': false,
  'profile:update': false,
  'passwords:change': false,
  'users:list': false,
  'accounts:manage': false,
  'guest-profile:read': true,
  'guest-profile:update': true,
  'guests:transfer': true,
  'guests:register': true,
  'templates:read': false,
  'templates:manage': false,
  'desk:work': false,
  'desk:manage': false,
  'integrations:manage': false,
  'mail:manage': false,
  'incidents:manage': false,
};

/** The permissions that no user has. */
const ofGuestsOnly: readonly string[] = [
  'guest-profile:read',
  'guest-profile:update',
  'guests:transfer',
  'guests:register',
];

/** The permissions that members lack. */
const notOfMembers: Readonly<Record<string, readonly Role[]>> = {
  'accounts:manage': ['admin', 'staff'],
  'templates:manage': ['admin', 'staff'],
  'desk:manage': ['admin', 'staff'],
  'incidents:manage': ['admin', 'staff'],
  'desk:work': ['agent', 'admin', 'staff'],
};

describe('the table of permissions', () => {
  it('decides for every operation and frame whether guests may use it', () => {
    for (const { name, access } of operations) {
      if (access === 'public' || access === 'signed-in') continue;
      expect(allows('guest', access), name).toBe(isForGuests[access]);
    }
  });

  it('leaves to every session only what opens and keeps a connection', () => {
    const names = operations.filter(({ access }) => access === 'signed-in').map(({ name }) => name);
    expect(names).toEqual(['createTicket', 'ping']);
  });

  it('lets only guests manage themselves, only agents work at the desk, and every user do what it does not reserve', () => {
    for (const { name, access } of operations) {
      if (ofGuestsOnly.includes(access)) expect(rolesThatMay(access), name).toEqual(['guest']);
      else if (notOfMembers[access] !== undefined) expect(rolesThatMay(access), name).toEqual(notOfMembers[access]);
      else expect(rolesThatMay(access), name).toEqual(expect.arrayContaining(['member', 'agent', 'admin', 'staff']));
    }
  });

  it('contains no permission that no operation needs, and none twice for a role', () => {
    const needed = new Set<string>(operations.map(({ access }) => access));
    for (const role of Object.keys(permissionsOf) as Role[]) {
      const held = permissionsOf[role];
      expect(new Set(held).size, role).toBe(held.length);
      expect(
        held.filter((permission) => !needed.has(permission)),
        role,
      ).toEqual([]);
    }
  });
});
