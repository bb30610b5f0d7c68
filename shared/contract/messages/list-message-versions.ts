import { defineRoute } from '../kit/define-route.ts';
import { conversationNotFound, messageDeleted, messageNotFound } from '../problems.ts';
import { conversationId, seqParameter } from '../schemas/ids.ts';
import { messageVersion } from '../schemas/message.ts';
import { page } from '../schemas/paging.ts';

/** Versions of a message that can be listed; older ones stay in the log. */
export const listedVersions = 100;

export const listMessageVersions = defineRoute({
  operationId: 'listMessageVersions',
  method: 'GET',
  path: '/api/v1/conversations/{conversationId}/messages/{seq}/versions',
  access: 'guest',
  summary: 'List what a message said before',
  description: `From the oldest version to the one of today, the last ${listedVersions} and the first. Participants see them; those of a deleted message nobody does.`,
  params: { conversationId, seq: seqParameter },
  responses: { 200: page(messageVersion) },
  problems: [conversationNotFound, messageNotFound, messageDeleted],
  idempotent: 'safe',
});
