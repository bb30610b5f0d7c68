import { adminRoutes } from './identity/admin-routes.ts';
import { attachmentRoutes } from './attachments/routes.ts';
import { authRoutes } from './identity/auth-routes.ts';
import { conversationRoutes } from './conversations/routes.ts';
import { busEvents } from './events/events.ts';
import { groupRoutes } from './groups/routes.ts';
import type { Route } from './kit/define-route.ts';
import { messageChangeRoutes, messageRoutes } from './messages/routes.ts';
import { platformRoutes } from './health/routes.ts';
import { presenceRoutes } from './presence/routes.ts';
import { receiptRoutes } from './receipts/routes.ts';
import { searchRoutes } from './search/routes.ts';
import { furtherActions, quickActions } from './actions.ts';
import { allServerEvents } from './events/server-events.ts';
import { syncRoutes } from './sync/routes.ts';
import { userRoutes } from './identity/user-routes.ts';

/** Every operation by the function that serves it, `functions/<name>.ts`. A function imports its own group only. */
export const routesByFunction = {
  platform: platformRoutes,
  auth: authRoutes,
  users: userRoutes,
  admin: adminRoutes,
  conversations: conversationRoutes,
  groups: groupRoutes,
  messages: messageRoutes,
  'message-changes': messageChangeRoutes,
  attachments: attachmentRoutes,
  receipts: receiptRoutes,
  sync: syncRoutes,
  presence: presenceRoutes,
  search: searchRoutes,
} as const satisfies Readonly<Record<string, readonly Route[]>>;

/** The description of each group in the documents. */
export const groupDescriptions = {
  platform: 'Service health, and the public keys of access tokens.',
  auth: 'Registration, sessions, passwords and WebSocket tickets.',
  users: 'Your profile, and the other users of your tenant.',
  admin: 'Accounts of a tenant, for its administrators.',
  conversations: 'Conversations that you take part in.',
  groups: 'Participants, roles and settings of a group.',
  messages: 'Messages of a conversation, addressed by their `seq`.',
  'message-changes': 'Edits, deletions and reactions. Each is an entry of the log, like the message that it changes.',
  attachments: 'Files: announce, upload, complete and download.',
  receipts: 'Receipts, unread counts and typing.',
  sync: 'Events that a client missed.',
  presence: 'Whether users are online, away or offline.',
  search: 'Messages by words, sender, type and date.',
} as const satisfies Readonly<Record<keyof typeof routesByFunction, string>>;

export const routes: readonly Route[] = Object.values(routesByFunction).flat();
/** Every action by the function that answers it. `socket-action` also receives frames without a known action. */
export const actionsByFunction = { 'socket-message': quickActions, 'socket-action': furtherActions } as const;

export const actions = [...quickActions, ...furtherActions] as const;
export const serverEvents = allServerEvents;
export const events = busEvents;
