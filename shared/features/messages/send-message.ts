import { conversationNotFound } from '../../contract/problems.ts';
import type { sendMessage as sendMessageRoute, sendProblems } from '../../contract/messages/send-message.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { appendAsParticipant } from '../log/append-as-participant.ts';
import type { DeskEffect, DeskMessage } from '../desk/message-effect.ts';
import { postsOf } from '../timeline/entry-posts.ts';
import { type AttachmentRefusal, contentToSend } from './content-to-send.ts';
import { messageOf } from '../timeline/message-view.ts';
import { messageKind } from '../log/entry-kinds.ts';
import { ownerOf } from '../log/log-owner.ts';
import { loadToWrite } from '../log/load-conversation.ts';
import { revisionOf } from '../log/log-entry.ts';
import { readEntry } from '../log/log-store.ts';
import { refusalOf } from '../log/append-refusal.ts';

export type SendOutcome =
  { readonly kind: 'written' | 'duplicate'; readonly message: Message } | Refusal<(typeof sendProblems)[number]>;

/**
 * Delivers a repetition again, in case the first attempt failed before the delivery. The stream projector delivers to
 * the sender's other connections.
 */
export async function sendMessage(
  principal: Principal,
  { conversationId, seenSeq, ...newMessage }: InputOf<typeof sendMessageRoute>,
  caller?: CallerConnection<Message>,
): Promise<SendOutcome> {
  const { scope } = principal;
  const [conversation, settings] = await settleAll([
    loadToWrite(principal, conversationId),
    tenantSettings(scope),
    tenantKeys(scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const owner = await ownerOf(conversation);
  const toSend = await contentToSend({ principal, conversation, owner, settings, newMessage });
  if (isRefusal(toSend)) return toSend;
  const desk = await deskEffect<AttachmentRefusal>({
    principal,
    conversation,
    toSend,
    seenSeq,
    isUrgent: newMessage.urgent === true,
  });
  const precondition = desk?.precondition ?? toSend.precondition;
  const { outcome, item, recipients } = await appendAsParticipant({
    principal,
    conversation,
    keys: owner.keys,
    command: {
      kind: messageKind,
      clientMessageId: newMessage.clientMessageId,
      deliversAgain: newMessage.urgent === true,
      perMinute: settings.messagesPerMinute,
    },
    content: toSend.content,
    origin: caller?.connectionId,
    ...(precondition === undefined ? {} : { precondition }),
  });
  if (outcome.kind === 'stopped') {
    return outcome.reason === 'no-access' ? refuse(conversationNotFound) : outcome.reason;
  }
  if (outcome.kind !== 'written' && outcome.kind !== 'duplicate') {
    count('SendRefused');
    return refusalOf(outcome);
  }

  // The cached original may lack later changes.
  const entry = outcome.kind === 'written' ? outcome.entry : await readEntry(conversation, outcome.entry.seq);
  const message = messageOf(owner, entry ?? outcome.entry, 'sent', conversation.access);
  // A repetition reads the message after the item. If the group changed between the reads, clients catch up.
  const isCertain = outcome.kind === 'written' || revisionOf(entry ?? outcome.entry) <= item.revision;
  await deliver(scope, [
    ...(caller === undefined ? [] : [caller.acknowledge(message)]),
    ...(isCertain ? postsOf(owner, item, entry ?? outcome.entry, recipients) : []),
  ]);
  await desk?.follow();
  count(outcome.kind === 'written' ? 'MessageSent' : 'SendReplayed');
  return { kind: outcome.kind, message };
}

/** The effect of a message on a support conversation; undefined for any other conversation. */
async function deskEffect<Reason>(message: DeskMessage<Reason>): Promise<DeskEffect<Reason> | undefined> {
  if (message.conversation.item.kind !== 'support') return undefined;
  // Loaded only when needed, so that the functions of all other messages start faster.
  const { effectOf } = await import('../desk/message-effect.ts');
  return effectOf(message);
}
