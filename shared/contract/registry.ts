import { adminRoutes } from './admin/routes.ts';
import { authRoutes } from './auth/routes.ts';
import { conversationRoutes } from './conversations/routes.ts';
import { busEvents } from './events/events.ts';
import type { Route } from './kit/define-route.ts';
import { messageRoutes } from './messages/routes.ts';
import { platformRoutes } from './platform/routes.ts';
import { socketActions } from './socket/actions.ts';
import { socketPushes } from './socket/pushes.ts';
import { userRoutes } from './users/routes.ts';

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
  messages: messageRoutes,
} as const satisfies Readonly<Record<string, readonly Route[]>>;

export const routes: readonly Route[] = Object.values(routesByFunction).flat();
export const actions = socketActions;
export const pushes = socketPushes;
export const events = busEvents;
