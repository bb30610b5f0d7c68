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
  // Guests start support conversations only.
  'conversations:create',
  // Guests can delete everything that they wrote to the desk.
  'conversations:wipe',
] as const;

/** With the reasons to withhold them from guests. */
const ofUsers = [
  // A guest has no profile or password.
  'profile:read',
  'profile:update',
  'passwords:change',
  // Names every user of the tenant.
  'users:list',
  // A guest cannot bring other people into a conversation.
  'groups:manage',
  // Presence shows when a person works.
  'presence:read',
  // A guest can read its few conversations page by page.
  'messages:search',
  // A guest has one conversation, whose events say everything.
  'notifications:manage',
  // The service stores nothing that a guest decided not to send.
  'drafts:manage',
] as const;

// Guests are the people whom the desk helps.
const ofAgents = ['desk:work'] as const;

const ofAdmins = ['accounts:manage', 'desk:manage'] as const;

export type Permission = (typeof ofGuests | typeof ofUsers | typeof ofAgents | typeof ofAdmins)[number];

/** `public`: anyone. `signed-in`: anyone with a session. */
export type Access = 'public' | 'signed-in' | Permission;

/** A role has no other rights. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  guest: ofGuests,
  member: [...ofGuests, ...ofUsers],
  agent: [...ofGuests, ...ofUsers, ...ofAgents],
  admin: [...ofGuests, ...ofUsers, ...ofAgents, ...ofAdmins],
  staff: [...ofGuests, ...ofUsers, ...ofAgents, ...ofAdmins],
};
