import { conversationNotFound, messageNotFound } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { deliver, type Post } from '../../core/delivery/delivery.ts';
import { newId } from '../../core/runtime/ids.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { appendAsParticipant } from '../log/append-as-participant.ts';
import { type ConversationItem, firstVisible, memberOf } from '../log/conversation-item.ts';
import { eventFor } from './entry-events.ts';
import { foldChange } from './fold-change.ts';
import type { AppendOutcome, Permission } from '../log/append-to-log.ts';
import { withChange } from '../log/change-rules.ts';
import type { EntryContent } from '../log/entry-kinds.ts';
import type { EntryKind, LogEntry } from '../log/log-entry.ts';
import type { OpenConversation } from '../log/open-conversation.ts';
import type { ChangeContext } from './open-for-change.ts';

/** Who changes which message, and how it came. */
export interface ChangeInput<Answer> {
  readonly principal: Principal;
  readonly conversationId: string;
  readonly seq: number;
  /** The connection that it comes from, if it comes by WebSocket. */
  readonly origin?: string;
  /** Makes the acknowledgement, which then goes out in one batch with the deliveries. */
  readonly acknowledge?: (answer: Answer) => Post;
}

export type ChangeDecision<Problem> =
  | { readonly kind: 'change' }
  /** It is so already: nothing is written. */
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly refusal: Problem };

export interface Change<Problem, Answer> {
  readonly kind: EntryKind;
  readonly clientMessageId?: string | undefined;
  readonly content: EntryContent;
  /** Decides on the message as it is. */
  readonly decide: (message: LogEntry) => ChangeDecision<Problem>;
  /** What else changes in the same transaction. */
  readonly extraWrites?: (work: UnitOfWork, message: LogEntry) => void;
  /** Of the message after the change, and of the entry that was written, if one was. */
  readonly answer: (message: LogEntry, written: LogEntry | undefined) => Answer;
}

/** Changes of messages that one sender may make in a conversation in 60 s, where the tenant limits messages at all. */
const changesPerMinute = 60;

/**
 * Changes a message: an entry of its own in the log, and in the same transaction what it makes of the message. The
 * message is looked at before each attempt; whatever changed it since would have taken the entry's slot.
 */
export async function changeMessage<Problem extends Refusal, Answer>(
  input: ChangeInput<Answer>,
  context: ChangeContext,
  change: Change<Problem, Answer>,
): Promise<
  | Answer
  | Problem
  | Refusal<typeof conversationNotFound | typeof messageNotFound>
  | { readonly unwritten: Exclude<AppendOutcome, { kind: 'written' | 'duplicate' | 'stopped' }> }
> {
  const { principal, seq } = input;
  const { conversation, settings, scope, conversationId } = context;
  let message: LogEntry | undefined;
  const precondition = async (
    _state: unknown,
    current: ConversationItem,
  ): Promise<Permission<Problem | 'same' | 'no-message'>> => {
    message = await conversation.store.readEntry(seq);
    if (message?.kind.isShown !== true) return { kind: 'stopped', reason: 'no-message' };
    // As it is now: somebody may have come back, or newcomers see less than is remembered here.
    const member = memberOf(current, principal.userId) ?? conversation.member;
    if (seq < firstVisible(current, member)) return { kind: 'stopped', reason: 'no-message' };
    const decision = change.decide(message);
    if (decision.kind === 'refused') return { kind: 'stopped', reason: decision.refusal };
    if (decision.kind === 'same') return { kind: 'stopped', reason: 'same' };
    const target = message;
    return {
      kind: 'granted',
      extraWrites: (work, entry) => {
        foldChange(work, conversationId, target, entry, change.content);
        change.extraWrites?.(work, target);
      },
    };
  };
  const { outcome, item, connections } = await appendAsParticipant<Problem | 'same' | 'no-message'>({
    principal,
    conversation,
    keys: context.keys,
    command: {
      kind: change.kind,
      clientMessageId: change.clientMessageId ?? newId(),
      target: seq,
      perMinute: settings.messagesPerMinute === null ? null : changesPerMinute,
    },
    content: change.content,
    origin: input.origin,
    precondition,
  });

  let told: LogEntry | undefined;
  if (outcome.kind === 'stopped') {
    if (outcome.reason === 'no-participant') return refuse(conversationNotFound);
    if (outcome.reason === 'no-message' || message === undefined) return refuse(messageNotFound);
    if (outcome.reason !== 'same') return outcome.reason;
    told = await ownLastChange(principal, conversation, message);
  } else if (outcome.kind === 'written' || outcome.kind === 'duplicate') {
    told = outcome.entry;
    message =
      outcome.kind === 'written' && message !== undefined
        ? withChange(message, told, change.content)
        : await conversation.store.readEntry(seq);
  } else {
    return { unwritten: outcome };
  }
  if (message === undefined) return refuse(messageNotFound);
  const changed = message;
  const answer = change.answer(changed, 'entry' in outcome ? outcome.entry : undefined);
  await deliver(scope, [
    ...(input.acknowledge === undefined ? [] : [input.acknowledge(answer)]),
    ...connections.flatMap(({ userId, connectionId }) => {
      const member = memberOf(item, userId);
      if (told === undefined || member === undefined) return [];
      return [
        {
          userId,
          connectionId,
          frame: eventFor(context, told, changed, { visibleFrom: firstVisible(item, member), audiences: ['everyone'] }),
        },
      ];
    }),
  ]);
  return answer;
}

/**
 * Where everything is as it was asked for, the asker may have made it so, and died before the others were told: then
 * they are told again.
 */
async function ownLastChange(
  principal: Principal,
  { store }: OpenConversation,
  { seq, changes }: LogEntry,
): Promise<LogEntry | undefined> {
  if (changes.updatedSeq === seq) return undefined;
  const last = await store.readEntry(changes.updatedSeq);
  return last?.senderId === principal.userId ? last : undefined;
}
