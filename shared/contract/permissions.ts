import type { Role } from './schemas/user.ts';

/** A guest sees nothing beyond its own conversations. */
const ofGuests = [
  'conversations:read',
  'messages:read',
  'messages:send',
  // Guests may change their messages for five minutes.
  'messages:change',
  'messages:react',
  'attachments:upload',
  'attachments:download',
  'receipts:read',
  'receipts:update',
  'typing:announce',
  // Agents see whether a guest is connected.
  'presence:update',
  'sync:read',
] as const;

/** With the reasons to withhold them from guests. */
const ofUsers = [
  // A guest has no profile or password.
  'profile:read',
  'profile:update',
  'passwords:change',
  // Names every user of the tenant.
  'users:list',
  // The service creates a guest's conversation. Agents decide who takes part.
  'conversations:create',
  'groups:manage',
  // Presence shows when a person works.
  'presence:read',
  // A guest can read its few conversations page by page.
  'messages:search',
  // A guest answers the forms that agents send into its conversation.
  'templates:read',
] as const;

const ofAdmins = ['accounts:manage', 'templates:manage'] as const;

export type Permission = (typeof ofGuests | typeof ofUsers | typeof ofAdmins)[number];

/** `public`: anyone. `signed-in`: anyone with a session. */
export type Access = 'public' | 'signed-in' | Permission;

/** A role has no other rights. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  guest: ofGuests,
  member: [...ofGuests, ...ofUsers],
  agent: [...ofGuests, ...ofUsers],
  admin: [...ofGuests, ...ofUsers, ...ofAdmins],
  staff: [...ofGuests, ...ofUsers, ...ofAdmins],
};
