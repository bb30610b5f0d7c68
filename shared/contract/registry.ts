import { adminRoutes } from './identity/admin-routes.ts';
import { attachmentRoutes } from './attachments/routes.ts';
import { authRoutes } from './identity/auth-routes.ts';
import { conversationRoutes } from './conversations/routes.ts';
import { agentRoutes, deskRoutes } from './desk/routes.ts';
import { teamRoutes } from './teams/routes.ts';
import { busEvents } from './events/events.ts';
import { guestRoutes } from './guests/routes.ts';
import { signInAsGuest } from './guests/sign-in-as-guest.ts';
import { incidentRoutes, sourceRoutes } from './incidents/routes.ts';
import { groupRoutes } from './groups/routes.ts';
import type { Chapter, Route } from './kit/define-route.ts';
import { mailRoutes } from './mail/routes.ts';
import { messageChangeRoutes, messageRoutes } from './messages/routes.ts';
import { deviceRoutes } from './devices/routes.ts';
import { draftRoutes } from './drafts/routes.ts';
import { getHealth } from './health/get-health.ts';
import { healthRoutes } from './health/routes.ts';
import { getJwks } from './identity/get-jwks.ts';
import { getOpenidConfiguration } from './identity/get-openid-configuration.ts';
import { notificationFunctionRoutes, notificationRoutes } from './notifications/routes.ts';
import { presenceRoutes } from './presence/routes.ts';
import { receiptRoutes } from './receipts/routes.ts';
import { searchRoutes } from './search/routes.ts';
import { furtherActions, quickActions } from './actions.ts';
import { allServerEvents } from './events/server-events.ts';
import { transcriptRoutes } from './transcripts/routes.ts';
import { syncRoutes } from './sync/routes.ts';
import { templateRoutes } from './templates/routes.ts';
import { userRoutes } from './identity/user-routes.ts';
import { webhookRoutes } from './webhooks/routes.ts';

/** By `functions/<name>.ts`, which imports only its own group. */
export const routesByFunction = {
  health: healthRoutes,
  auth: [...authRoutes, signInAsGuest],
  users: userRoutes,
  admin: adminRoutes,
  guests: guestRoutes,
  conversations: conversationRoutes,
  groups: groupRoutes,
  messages: messageRoutes,
  'message-changes': messageChangeRoutes,
  attachments: attachmentRoutes,
  receipts: receiptRoutes,
  sync: syncRoutes,
  presence: presenceRoutes,
  search: searchRoutes,
  desk: deskRoutes,
  teams: [...teamRoutes, ...agentRoutes],
  templates: templateRoutes,
  notifications: notificationFunctionRoutes,
  devices: deviceRoutes,
  transcripts: transcriptRoutes,
  webhooks: webhookRoutes,
  mail: mailRoutes,
  sources: sourceRoutes,
  'receive-incidents': incidentRoutes,
} as const satisfies Readonly<Record<string, readonly Route[]>>;

export const chapters = {
  health: {
    description: 'Service health.',
    routes: [getHealth],
  },
  identity: {
    description:
      'Registration, sessions, passwords, tickets, profiles, accounts for administrators, and the keys of access tokens.',
    routes: [...authRoutes, ...userRoutes, ...adminRoutes, getJwks, getOpenidConfiguration],
  },
  guests: {
    description: 'Anonymous people: their sign-in, profile, move to another device, and registration.',
    routes: [signInAsGuest, ...guestRoutes],
  },
  conversations: {
    description: 'Conversations that you take part in.',
    routes: conversationRoutes,
  },
  groups: {
    description: 'Participants, roles and settings of a group.',
    routes: groupRoutes,
  },
  messages: {
    description: 'Messages of a conversation, addressed by their `seq`, with their edits, deletions and reactions.',
    routes: [...messageRoutes, ...messageChangeRoutes],
  },
  attachments: {
    description: 'Files: announce, upload, complete and download.',
    routes: attachmentRoutes,
  },
  receipts: {
    description: 'Receipts, unread counts and typing.',
    routes: receiptRoutes,
  },
  sync: {
    description: 'Events that a client missed.',
    routes: syncRoutes,
  },
  presence: {
    description: 'Whether users are online, away or offline.',
    routes: presenceRoutes,
  },
  desk: {
    description:
      'Support conversations: agents, assignment, status, notes and counts. List them with `listConversations`, and start them with `createConversation`.',
    routes: [...deskRoutes, ...agentRoutes],
  },
  teams: {
    description: 'Teams of agents, each with a queue of its own.',
    routes: teamRoutes,
  },
  transcripts: {
    description: 'Conversations as files, and the proof that they are as they were written.',
    routes: transcriptRoutes,
  },
  search: {
    description: 'Messages by words, sender, type and date.',
    routes: searchRoutes,
  },
  templates: {
    description: 'Canned replies and forms of your tenant and of the platform.',
    routes: templateRoutes,
  },
  notifications: {
    description: 'Notifications of the caller, and the caller’s preferences.',
    routes: notificationRoutes,
  },
  webhooks: {
    description: 'Events of your tenant, sent to URLs of other systems, with the deliveries of the last 30 days.',
    routes: webhookRoutes,
  },
  mail: {
    description: 'Addresses that get no mail, and unsubscribing.',
    routes: mailRoutes,
  },
  devices: {
    description: 'Phones and tablets of the caller that receive pushes.',
    routes: deviceRoutes,
  },
  drafts: {
    description: 'Unsent texts, one for each conversation, shared by the devices of a user.',
    routes: draftRoutes,
  },
  incidents: {
    description: 'Sources of incidents, what they received, and the route that other systems call.',
    routes: [...sourceRoutes, ...incidentRoutes],
  },
} as const satisfies Readonly<Record<string, Chapter>>;

export const routes: readonly Route[] = Object.values(routesByFunction).flat();
/** `socket-action` also receives frames without a known action. */
export const actionsByFunction = { 'socket-message': quickActions, 'socket-action': furtherActions } as const;

export const actions = [...quickActions, ...furtherActions] as const;
export const serverEvents = allServerEvents;
export const events = busEvents;
