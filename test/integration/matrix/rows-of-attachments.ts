import { ulid } from 'ulid';
import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { ownConversation, wrongConversations } from './conversation-values.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, malformed, type Row } from './row.ts';

/** The attachment that the caller announced, uploaded and completed, if there is one. */
function ownAttachment({ person, home }: Caller): string | undefined {
  if (person === home?.alice) return home.attachment;
  return person === home?.agent ? home.otherAttachment : undefined;
}

function onOwn(caller: Caller, request: OperationRequest = {}): Case[] {
  const attachmentId = ownAttachment(caller);
  if (attachmentId === undefined) return [];
  return [{ name: 'own', request: { ...request, params: { attachmentId } }, status: 200 }];
}

function attachmentSlot(caller: Caller): readonly Case[] {
  const { home, foreign } = caller;
  const own = ownAttachment(caller) ?? home?.attachment ?? ulid();
  const others = own === home?.attachment ? home.otherAttachment : home?.attachment;
  const values = wrongIds({ own, foreign: foreign.attachment, foreignTenantId: foreign.tenantId, others });
  return casesOf('path.attachmentId', values, absent(404, 'ATTACHMENT_NOT_FOUND'), (attachmentId) => ({
    params: { attachmentId },
  }));
}

function file({ home }: Caller, conversationId: string) {
  return { conversationId, name: `${home?.canary}.txt`, contentType: 'text/plain', size: 5 };
}

export const createAttachment: Row = {
  own: (caller) => {
    const conversationId = ownConversation(caller);
    if (conversationId === undefined) return [];
    return [{ name: 'own', request: { body: file(caller, conversationId) }, status: 201 }];
  },
  slots: {
    'body.conversationId': (caller) =>
      casesOf(
        'body.conversationId',
        wrongConversations(caller),
        absent(404, 'CONVERSATION_NOT_FOUND'),
        (conversationId) => ({ body: file(caller, conversationId) }),
      ),
  },
};

export const completeAttachment: Row = {
  own: (caller) => onOwn(caller),
  slots: { 'path.attachmentId': attachmentSlot },
};

export const getAttachment: Row = {
  own: (caller) => onOwn(caller, { query: { variant: 'original' } }),
  slots: {
    'path.attachmentId': attachmentSlot,
    'query.variant': (caller) =>
      ['', 'ORIGINAL', '../thumbnail', 'quarantine'].map((variant) => ({
        name: `query.variant is ${variant}`,
        request: { params: { attachmentId: ownAttachment(caller) ?? ulid() }, query: { variant } },
        ...malformed,
      })),
  },
};
