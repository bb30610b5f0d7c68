import { conversationNotFound, messageTooLong } from '../contract/problems.ts';
import type { sendProblems } from '../contract/messages/send-message.ts';
import type { Message, MessageDraft } from '../contract/schemas/message.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import { type Refusal, refuse } from '../handler/refusal.ts';
import { type Connection, connectionsOf } from '../realtime/connections.ts';
import { deliver, type Post } from '../realtime/delivery.ts';
import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';
import { together } from '../runtime/together.ts';
import type { Principal } from '../tenancy/principal.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import type { AppendCommand } from './log/append.ts';
import { type AppendTarget, appendToLog } from './log/append-to-log.ts';
import { claimedTime } from './log/client-message-id.ts';
import { digestOf, type MessageContent } from './log/log-content.ts';
import { messageCreatedFrame, messageOf } from './message-view.ts';
import { openConversation, rememberConversation, windowToWrite } from './open-conversation.ts';
import { refusalOf } from './send-refusal.ts';

export interface SendInput {
  readonly principal: Principal;
  readonly conversationId: string;
  readonly draft: MessageDraft;
  /** JSON pointer to the text in the request, for refusals of it. */
  readonly textPointer: string;
  /** The connection that it comes from, if it comes by WebSocket. */
  readonly origin?: string;
  /** Makes the acknowledgement, which then goes out in one batch with the deliveries. */
  readonly acknowledge?: (message: Message) => Post;
}

export type SendOutcome =
  { readonly kind: 'written' | 'duplicate'; readonly message: Message } | Refusal<(typeof sendProblems)[number]>;

/** Guests write at most this much, in code points, whatever the tenant allows its users. */
const guestTextLength = 1000;

/**
 * Sends a message: appends it to the log and delivers it to the other participants. The same over HTTP and WebSocket.
 * A repetition is delivered again, in case the first died between the log and the delivery. The sender's own other
 * connections get it from the stream projector.
 */
export async function sendMessage(input: SendInput): Promise<SendOutcome> {
  const { principal, conversationId, draft } = input;
  const { scope } = principal;
  const [conversation, settings, keys] = await together([
    openConversation(scope, conversationId, principal.userId),
    tenantSettings(scope),
    tenantKeys(scope),
  ]);
  if (conversation === undefined) return refuse(conversationNotFound);
  const limit = principal.role === 'guest' ? Math.min(guestTextLength, settings.textLength) : settings.textLength;
  const length = codePoints(draft.text);
  if (length > limit) {
    return refuse(messageTooLong, {
      detail: `The text has ${length} characters; the limit is ${limit}.`,
      errors: [{ pointer: input.textPointer, code: 'too_big', detail: `must have at most ${limit} characters` }],
    });
  }

  const content: MessageContent = { type: draft.type, text: draft.text };
  const recipients = conversation.item.participantIds.filter((userId) => userId !== principal.userId);
  const command: AppendCommand = {
    senderId: principal.userId,
    clientMessageId: draft.clientMessageId,
    claimedAt: claimedTime(draft.clientMessageId),
    digest: digestOf(keys, content),
    messagesPerMinute: settings.messagesPerMinute,
  };
  const target: AppendTarget = { scope, conversationId, store: conversation.store, keys };
  const [{ outcome, window }, connections] = await together([
    windowToWrite(conversation).then((known) => appendToLog(target, known, command, content, input.origin)),
    recipientConnections(principal, recipients),
  ]);
  const written = outcome.kind === 'written' ? outcome.entry.seq : undefined;
  rememberConversation(scope, conversation, window, written);
  if (outcome.kind !== 'written' && outcome.kind !== 'duplicate') {
    count('SendRefused');
    return refusalOf(outcome);
  }

  const message = messageOf(keys, scope, conversationId, outcome.entry);
  const frame = messageCreatedFrame(message);
  await deliver(scope, [
    ...(input.acknowledge === undefined ? [] : [input.acknowledge(message)]),
    ...connections.map(({ userId, connectionId }) => ({ userId, connectionId, frame })),
  ]);
  count(outcome.kind === 'written' ? 'MessageSent' : 'SendReplayed');
  return { kind: outcome.kind, message };
}

/** A failed look-up must not fail the send: the message is in the log, and clients catch up. */
async function recipientConnections(principal: Principal, userIds: readonly string[]): Promise<readonly Connection[]> {
  try {
    return await connectionsOf(principal.scope, userIds);
  } catch (error) {
    log('warn', 'connections.not-read', { tenantId: principal.tenantId }, error);
    count('DeliveryFailed');
    return [];
  }
}

/** People count characters, not UTF-16 units. */
function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
