import { systemUserId } from '../../contract/schemas/ids.ts';
import { appendToLog, type PreconditionResult } from '../log/append-to-log.ts';
import { readConversation } from '../log/conversation-store.ts';
import { type MessageContent, messageKind } from '../log/entry-kinds.ts';
import { ownerOf } from '../log/log-owner.ts';
import { type LogAddress, readTail } from '../log/log-store.ts';
import { announceDeskEntry } from './announce-desk-entry.ts';
import { deskCommand } from './desk-command.ts';

export interface ServiceMessage {
  readonly content: MessageContent;
  /** Identifies the message: a repetition writes none. */
  readonly clientMessageId: string;
}

/** `gone`: the conversation is closed, wiped or no support conversation. */
export type Posted = 'posted' | 'gone';

/**
 * Writes a message of the service into a support conversation, without an effect on its state.
 * @throws Error if other writers took every slot, so that the caller tries again.
 */
export async function postAsService(log: LogAddress, { content, clientMessageId }: ServiceMessage): Promise<Posted> {
  const item = await readConversation(log.scope, log.conversationId);
  if (item?.kind !== 'support') return 'gone';
  const [owner, { tail }] = await Promise.all([ownerOf({ ...log, item }), readTail(log, { consistent: true })]);
  if (owner.isErased === true) return 'gone';
  const { outcome } = await appendToLog<'closed'>(owner, tail, {
    command: deskCommand(owner, { kind: messageKind, senderId: systemUserId, clientMessageId }, content),
    content,
    origin: undefined,
    precondition: async (state): Promise<PreconditionResult<'closed'>> => {
      const current = await readConversation(log.scope, log.conversationId);
      if (current?.kind !== 'support' || current.revision !== state.revision) return { kind: 'retry' };
      return current.support.status === 'closed' ? { kind: 'stopped', reason: 'closed' } : { kind: 'granted' };
    },
  });
  if (outcome.kind === 'stopped') return 'gone';
  if (outcome.kind === 'busy') throw new Error('A message of the service was not written: the conversation is busy');
  if (outcome.kind === 'written') await announceDeskEntry({ owner, item, entry: outcome.entry });
  return 'posted';
}
