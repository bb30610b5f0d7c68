import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, invalidCursor } from '../problems.ts';
import { conversationId } from '../schemas/ids.ts';
import { mute, newMute } from '../schemas/notification.ts';
import { cursorParameter, limitParameter, page } from '../schemas/paging.ts';

export const listMutes = defineRoute({
  operationId: 'listMutes',
  method: 'GET',
  path: '/api/v1/notifications/mutes',
  access: 'notifications:manage',
  summary: 'List your muted conversations',
  description: 'Sorted by conversation. A page can be short although `nextCursor` leads to more.',
  params: {},
  query: z.strictObject({ limit: limitParameter(100), cursor: cursorParameter }),
  responses: { 200: page(mute) },
  problems: [invalidCursor],
  idempotent: 'safe',
});

export const muteConversation = defineRoute({
  operationId: 'muteConversation',
  method: 'PUT',
  path: '/api/v1/conversations/{conversationId}/mute',
  access: 'notifications:manage',
  summary: 'Mute a conversation',
  description:
    'Your devices get no pushes about it, except urgent ones. Replaces an earlier mute. Notifications and unread counts stay the same.',
  params: { conversationId },
  body: newMute,
  responses: { 200: mute },
  problems: [conversationNotFound],
  idempotent: 'yes',
});

export const unmuteConversation = defineRoute({
  operationId: 'unmuteConversation',
  method: 'DELETE',
  path: '/api/v1/conversations/{conversationId}/mute',
  access: 'notifications:manage',
  summary: 'Unmute a conversation',
  description: 'Succeeds if the conversation is not muted.',
  params: { conversationId },
  responses: { 204: null },
  problems: [conversationNotFound],
  idempotent: 'yes',
});
