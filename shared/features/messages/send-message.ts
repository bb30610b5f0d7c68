import { conversationNotFound } from '../../contract/problems.ts';
import type { sendProblems } from '../../contract/messages/send-message.ts';
import type { Message, NewMessage } from '../../contract/schemas/message.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { deliver, type Post } from '../../core/delivery/delivery.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { appendAsParticipant } from '../log/append-as-participant.ts';
import { eventOf } from './entry-events.ts';
import { contentToSend } from './content-to-send.ts';
import { messageOf } from './message-view.ts';
import { messageKind } from '../log/kinds/message.ts';
import { loadToWrite } from '../log/load-conversation.ts';
import { readEntry } from '../log/log-store.ts';
import { refusalOf } from './send-refusal.ts';

export interface SendInput {
  readonly principal: Principal;
  readonly conversationId: string;
  readonly newMessage: NewMessage;
  /** JSON pointer to the message in the request, for refusals of its members. */
  readonly pointer: '/body' | '/data';
  /** The connection that sent it, if it came by WebSocket. */
  readonly origin?: string;
  /** Makes the acknowledgement, which then goes out in one batch with the deliveries. */
  readonly acknowledge?: (message: Message) => Post;
}

export type SendOutcome =
  { readonly kind: 'written' | 'duplicate'; readonly message: Message } | Refusal<(typeof sendProblems)[number]>;

/**
 * Sends a message: appends it to the log and delivers it to the other participants, over HTTP and WebSocket alike. A
 * repetition is delivered again, in case the first attempt failed between the log and the delivery. The stream projector
 * delivers it to the sender's own other connections.
 */
export async function sendMessage(input: SendInput): Promise<SendOutcome> {
  const { principal, conversationId, newMessage, pointer } = input;
  const { scope } = principal;
  const [conversation, settings, keys] = await settleAll([
    loadToWrite(principal, conversationId),
    tenantSettings(scope),
    tenantKeys(scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const toSend = await contentToSend({ principal, conversation, settings, newMessage, pointer });
  if (isRefusal(toSend)) return toSend;
  const { outcome, connections } = await appendAsParticipant({
    principal,
    conversation,
    keys,
    command: {
      kind: messageKind,
      clientMessageId: newMessage.clientMessageId,
      urgent: newMessage.urgent === true,
      perMinute: settings.messagesPerMinute,
    },
    content: toSend.content,
    origin: input.origin,
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
  const owner = { keys, scope, conversationId };
  const message = messageOf(owner, entry ?? outcome.entry);
  const frame = eventOf(owner, entry ?? outcome.entry);
  await deliver(scope, [
    ...(input.acknowledge === undefined ? [] : [input.acknowledge(message)]),
    ...connections.map(({ userId, connectionId }) => ({ userId, connectionId, frame })),
  ]);
  count(outcome.kind === 'written' ? 'MessageSent' : 'SendReplayed');
  return { kind: outcome.kind, message };
}
