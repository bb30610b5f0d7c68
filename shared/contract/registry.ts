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

/**
 * Every operation by the function that serves it: `functions/<name>.ts`. The cloud stacks, the documents, the tenant
 * matrix and the fuzz tests walk this list; functions import their own group only.
 */
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

/** What each group of operations is about, for the documents. */
export const groupDescriptions = {
  platform: 'Health, and the keys that tokens are verified with.',
  auth: 'Accounts and sessions: register, log in, renew, end; passwords; tickets for the WebSocket.',
  users: 'The own profile and the people of the own tenant.',
  admin: 'What a tenant’s administrator does with its accounts.',
  conversations: 'Conversations of the caller.',
  groups: 'Who takes part in a group, with which role, and what it is called.',
  messages: 'Messages of a conversation, addressed by their number.',
  'message-changes': 'Edits, deletions and reactions: entries of the log, like the messages that they change.',
  attachments: 'Files: announce, upload, complete, load.',
  receipts: 'What was received and read, what is unread, who is typing.',
  sync: 'Everything that a client missed.',
  presence: 'Who is there.',
  search: 'Messages by their words, sender, type and date.',
} as const satisfies Readonly<Record<keyof typeof routesByFunction, string>>;

export const routes: readonly Route[] = Object.values(routesByFunction).flat();
/** Every action by the function that answers it. The second one gets every other frame, too. */
export const actionsByFunction = { 'socket-message': quickActions, 'socket-action': furtherActions } as const;

export const actions = [...quickActions, ...furtherActions] as const;
export const serverEvents = allServerEvents;
export const events = busEvents;
