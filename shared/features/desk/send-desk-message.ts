import type { conversationClosed, newerReply } from '../../contract/desk/problems.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { appendAsParticipant } from '../log/append-as-participant.ts';
import { refusalOf } from '../log/append-refusal.ts';
import type { PreconditionResult } from '../log/append-to-log.ts';
import type { EntryContent } from '../log/entry-kinds.ts';
import type { WritableConversation } from '../log/load-conversation.ts';
import type { EntryKind, LogEntry } from '../log/log-entry.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readEntry } from '../log/log-store.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { messageOf } from '../timeline/message-view.ts';
import { postsOf } from '../timeline/entry-posts.ts';
import { effectOf } from './message-effect.ts';

export interface NewDeskMessage<Reason> {
  readonly principal: Principal;
  readonly conversation: WritableConversation;
  readonly kind: EntryKind;
  readonly content: EntryContent;
  readonly clientMessageId: string;
  readonly seenSeq?: number | undefined;
  readonly precondition?: () => Promise<PreconditionResult<Reason>>;
  /** Finds the message that an earlier request with this id and another content has stored. */
  readonly findOriginal?: () => Promise<LogEntry | undefined>;
}

export type DeskMessageOutcome<Reason = never> =
  | { readonly kind: 'written' | 'duplicate'; readonly message: Message }
  | Reason
  | Refusal<typeof newerReply>
  | Refusal<typeof conversationNotFound | typeof conversationClosed | ReturnType<typeof refusalOf>['refused']>;

/** Appends a message to a support conversation with its effect on the state, and delivers it. */
export async function sendDeskMessage<Reason = never>(
  newMessage: NewDeskMessage<Reason>,
): Promise<DeskMessageOutcome<Reason>> {
  const { principal, conversation, kind, content, clientMessageId, seenSeq, precondition } = newMessage;
  const [owner, { messagesPerMinute: perMinute }] = await Promise.all([
    ownerOf(conversation),
    tenantSettings(principal.scope),
  ]);
  const toSend = precondition === undefined ? {} : { precondition };
  const effect = await effectOf<Reason>({ principal, conversation, toSend, isUrgent: false, seenSeq });
  const { outcome, item, recipients } = await appendAsParticipant({
    principal,
    conversation,
    keys: owner.keys,
    command: { kind, clientMessageId, perMinute },
    content,
    precondition: effect.precondition,
  });
  if (outcome.kind === 'stopped') {
    return outcome.reason === 'no-access' ? refuse(conversationNotFound) : outcome.reason;
  }
  let original: LogEntry | undefined;
  if (outcome.kind === 'written' || outcome.kind === 'duplicate') {
    original = outcome.entry;
  } else {
    if (outcome.kind === 'idempotency-conflict') original = await newMessage.findOriginal?.();
    if (original === undefined) return refusalOf(outcome);
  }
  // The cached original may lack later changes.
  const entry = outcome.kind === 'written' ? original : ((await readEntry(conversation, original.seq)) ?? original);
  await deliver(principal.scope, postsOf(owner, item, entry, recipients));
  await effect.follow();
  const written = outcome.kind === 'written' ? 'written' : 'duplicate';
  return { kind: written, message: messageOf(owner, entry, 'sent', conversation.access) };
}
