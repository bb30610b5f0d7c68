import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, messageDeleted, messageNotFound } from '../problems.ts';
import { conversationId, seqParameter } from '../schemas/ids.ts';
import { messageVersion } from '../schemas/message.ts';
import { page } from '../schemas/paging.ts';

export const listedVersions = 100;

export const listMessageVersions = defineRoute({
  operationId: 'listMessageVersions',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/messages/{seq}/versions',
  access: 'messages:read',
  summary: 'List the versions of a message',
  description: `Returns the first version and the newest ${listedVersions}, the oldest first. The last one is the current version. Every participant who can see the message can list its versions. A deleted message has none.`,
  params: { conversationId, seq: seqParameter },
  responses: { 200: page(messageVersion) },
  problems: [conversationNotFound, messageNotFound, messageDeleted],
  idempotent: 'safe',
});
