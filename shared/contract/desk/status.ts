import { defineRoute } from '../kit/define-route.ts';
import { conversation } from '../schemas/conversation.ts';
import { conversationId } from '../schemas/ids.ts';
import { deskProblems, statelessDeskProblems } from './desk-problems.ts';

const params = { conversationId };
const responses = { 200: conversation } as const;

export const resolveConversation = defineRoute({
  operationId: 'resolveConversation',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/resolve',
  access: 'desk:work',
  summary: 'Resolve a conversation',
  description:
    'From `active`. A message of the customer reopens it within the tenant’s window, by default 72 hours. Then the service closes it.',
  params,
  responses,
  problems: deskProblems,
  idempotent: 'yes',
});

export const closeConversation = defineRoute({
  operationId: 'closeConversation',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/close',
  access: 'desk:work',
  summary: 'Close a conversation',
  description: 'From every status. A closed conversation accepts no messages.',
  params,
  responses,
  problems: statelessDeskProblems,
  idempotent: 'yes',
});

export const reopenConversation = defineRoute({
  operationId: 'reopenConversation',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/reopen',
  access: 'desk:work',
  summary: 'Reopen a conversation',
  description:
    'From `resolved` or `closed`. It becomes `active` if its agent is online and has capacity; otherwise, it waits.',
  params,
  responses,
  problems: deskProblems,
  idempotent: 'yes',
});

export const acknowledgeConversation = defineRoute({
  operationId: 'acknowledgeConversation',
  method: 'POST',
  path: '/api/v1/conversations/{conversationId}/acknowledge',
  access: 'desk:work',
  summary: 'Acknowledge an urgent message',
  description: 'Stops the escalation. To take or answer the conversation also acknowledges; reading it does not.',
  params,
  responses,
  problems: statelessDeskProblems,
  idempotent: 'yes',
});
