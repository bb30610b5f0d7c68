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
import { eventOf } from '../timeline/entry-events.ts';
import { contentToSend } from './content-to-send.ts';
import { messageOf } from '../timeline/message-view.ts';
import { messageKind } from '../log/entry-kinds.ts';
import { ownerOf } from '../log/log-owner.ts';
import { loadToWrite } from '../log/load-conversation.ts';
import { revisionOf } from '../log/log-entry.ts';
import { readEntry } from '../log/log-store.ts';
import { refusalOf } from './send-refusal.ts';

export type SendOutcome =
  { readonly kind: 'written' | 'duplicate'; readonly message: Message } | Refusal<(typeof sendProblems)[number]>;

/**
 * Delivers a repetition again, in case the first attempt failed before the delivery. The stream projector delivers to
 * the sender's other connections.
 */
export async function sendMessage(
  principal: Principal,
  { conversationId, ...newMessage }: InputOf<typeof sendMessageRoute>,
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
  const toSend = await contentToSend({ principal, conversation, settings, newMessage });
  if (isRefusal(toSend)) return toSend;
  const { outcome, item, connections } = await appendAsParticipant({
    principal,
    conversation,
    keys: owner.keys,
    command: {
      kind: messageKind,
      clientMessageId: newMessage.clientMessageId,
      urgent: newMessage.urgent === true,
      perMinute: settings.messagesPerMinute,
    },
    content: toSend.content,
    origin: caller?.connectionId,
    ...(toSend.precondition === undefined ? {} : { precondition: toSend.precondition }),
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
  const message = messageOf(owner, entry ?? outcome.entry);
  const frame = eventOf(owner, entry ?? outcome.entry);
  // A repetition reads the message after the item. If the group changed between the reads, clients catch up.
  const recipients = revisionOf(entry ?? outcome.entry) > item.revision ? [] : connections;
  await deliver(scope, [
    ...(caller === undefined ? [] : [caller.acknowledge(message)]),
    ...recipients.map(({ userId, connectionId }) => ({ userId, connectionId, frame })),
  ]);
  count(outcome.kind === 'written' ? 'MessageSent' : 'SendReplayed');
  return { kind: outcome.kind, message };
}
