import type { Role } from './schemas/user.ts';

/**
 * A guest takes part in its own conversations and sees nothing else of the tenant. Users may do the same in theirs.
 */
const ofGuests = [
  'conversations:read',
  'messages:read',
  'messages:send',
  // Guests may edit and delete their messages for five minutes.
  'messages:change',
  'messages:react',
  'attachments:upload',
  'attachments:download',
  'receipts:read',
  'receipts:update',
  'typing:announce',
  // Agents see whether a guest is still connected.
  'presence:update',
  'sync:read',
] as const;

/** The permissions of guests only, because users have a profile and sign in with a password. */
const ofGuestsOnly = [
  'guest-profile:read',
  'guest-profile:update',
  // A guest has no password, so a code moves it to another device.
  'guests:transfer',
  'guests:register',
] as const;

/** The further permissions of users, each with the reason to withhold it from guests. */
const ofUsers = [
  // A guest has another profile, and no password.
  'profile:read',
  'profile:update',
  'passwords:change',
  // The directory names every user of the tenant.
  'users:list',
  // The service gives a guest its conversation, and agents decide who else takes part.
  'conversations:create',
  'groups:manage',
  // Presence shows when a person works.
  'presence:read',
  // A guest has few conversations, which it can read page by page.
  'messages:search',
] as const;

const ofAdmins = ['accounts:manage'] as const;

/** A right to a kind of operations, named by its subject and verb. */
export type Permission = (typeof ofGuests | typeof ofGuestsOnly | typeof ofUsers | typeof ofAdmins)[number];

/** The callers of an operation: anyone, anyone with a session, or the roles with a permission. */
export type Access = 'public' | 'signed-in' | Permission;

/** The permissions of each role. A role has no other rights. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  guest: [...ofGuests, ...ofGuestsOnly],
  member: [...ofGuests, ...ofUsers],
  agent: [...ofGuests, ...ofUsers],
  admin: [...ofGuests, ...ofUsers, ...ofAdmins],
  staff: [...ofGuests, ...ofUsers, ...ofAdmins],
};
