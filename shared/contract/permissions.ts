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
  // Guests change the subject and the description of their support conversations.
  'conversations:change',
  // Guests can delete everything that they wrote to the desk.
  'conversations:wipe',
  // A guest closes the app while it waits for an answer. Its pushes never contain text.
  'devices:manage',
] as const;

/** Users have a profile and sign in with a password. */
const ofGuestsOnly = [
  'guest-profile:read',
  'guest-profile:update',
  // A guest has no password, so a code moves it to another device.
  'guests:transfer',
  'guests:register',
] as const;

/** With the reasons to withhold them from guests. */
const ofUsers = [
  // A guest has another profile, and no password.
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
  // A guest answers the forms that agents send into its conversation.
  'templates:read',
  // A guest has one conversation, whose events say everything.
  'notifications:manage',
  // The service stores nothing that a guest decided not to send.
  'drafts:manage',
] as const;

// Guests are the people whom the desk helps.
const ofAgents = ['desk:work'] as const;

const ofAdmins = [
  'accounts:manage',
  'desk:manage',
  'templates:manage',
  // Webhooks send the tenant's events to other systems.
  'integrations:manage',
  // The list contains addresses of other people.
  'mail:manage',
  // Sources have secrets, and their payloads may name any system of the tenant.
  'incidents:manage',
] as const;

export type Permission = (
  typeof ofGuests | typeof ofGuestsOnly | typeof ofUsers | typeof ofAgents | typeof ofAdmins
)[number];

/** `public`: anyone. `signed-in`: anyone with a session. */
export type Access = 'public' | 'signed-in' | Permission;

/** A role has no other rights. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  guest: [...ofGuests, ...ofGuestsOnly],
  member: [...ofGuests, ...ofUsers],
  agent: [...ofGuests, ...ofUsers, ...ofAgents],
  admin: [...ofGuests, ...ofUsers, ...ofAgents, ...ofAdmins],
  staff: [...ofGuests, ...ofUsers, ...ofAgents, ...ofAdmins],
};
