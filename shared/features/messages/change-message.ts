import { conversationClosed } from '../../contract/desk/problems.ts';
import { conversationNotFound, messageNotFound } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { newId } from '../../core/runtime/ids.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { accessTo, isVisible } from '../log/access.ts';
import { appendAsParticipant } from '../log/append-as-participant.ts';
import type { AppendOutcome, PreconditionResult } from '../log/append-to-log.ts';
import { acceptsChanges, withChange } from '../log/change-rules.ts';
import type { ConversationItem } from '../log/conversation-item.ts';
import type { EntryContent } from '../log/entry-kinds.ts';
import { type EntryKind, type LogEntry, revisionOf } from '../log/log-entry.ts';
import { type LogAddress, readEntry } from '../log/log-store.ts';
import { eventFor } from '../timeline/entry-events.ts';
import { foldChange } from './fold-change.ts';
import type { ChangeContext } from './open-for-change.ts';

export type ChangeDecision<Problem> =
  | { readonly kind: 'change' }
  /** Nothing is written. */
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly refusal: Problem };

export interface Change<Problem, Answer> {
  readonly kind: EntryKind;
  readonly seq: number;
  readonly clientMessageId?: string | undefined;
  readonly content: EntryContent;
  readonly decide: (message: LogEntry) => ChangeDecision<Problem>;
  readonly extraWrites?: (work: UnitOfWork, message: LogEntry) => void;
  readonly answer: (message: LogEntry, written: LogEntry | undefined) => Answer;
}

type Stop<Problem> = Problem | Refusal<typeof conversationClosed> | 'same' | 'no-message';

/** Per user and conversation, if the tenant limits messages. */
const changesPerMinute = 60;

/**
 * Writes the entry and the message in one transaction. Reads the message before each attempt: a later change would take
 * the slot, so none is overwritten.
 */
export async function changeMessage<Problem extends Refusal, Answer>(
  principal: Principal,
  context: ChangeContext,
  change: Change<Problem, Answer>,
  caller: CallerConnection<Answer> | undefined,
): Promise<
  | Answer
  | Problem
  | Refusal<typeof conversationNotFound | typeof messageNotFound | typeof conversationClosed>
  | { readonly unwritten: Exclude<AppendOutcome, { kind: 'written' | 'duplicate' | 'stopped' }> }
> {
  const { seq } = change;
  const { conversation, settings, scope, conversationId } = context;
  let message: LogEntry | undefined;
  const precondition = async (
    _state: unknown,
    current: ConversationItem,
  ): Promise<PreconditionResult<Stop<Problem>>> => {
    message = await readEntry(conversation, seq);
    if (message?.kind.isShown !== true) return { kind: 'stopped', reason: 'no-message' };
    // The group may have changed between the two reads.
    if (revisionOf(message) > current.revision) return { kind: 'retry' };
    const access = accessTo(current, conversation.reader);
    if (access === undefined || !isVisible(message, access)) return { kind: 'stopped', reason: 'no-message' };
    const decision = change.decide(message);
    if (decision.kind === 'same') return { kind: 'stopped', reason: 'same' };
    if (!acceptsChanges(current, message)) return { kind: 'stopped', reason: refuse(conversationClosed) };
    if (decision.kind === 'refused') return { kind: 'stopped', reason: decision.refusal };
    const target = message;
    return {
      kind: 'granted',
      extraWrites: (work, entry) => {
        foldChange(work, conversationId, target, entry, change.content);
        change.extraWrites?.(work, target);
      },
    };
  };
  const { outcome, item, recipients } = await appendAsParticipant<Stop<Problem>>({
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
    origin: caller?.connectionId,
    precondition,
  });

  let announced: LogEntry | undefined;
  if (outcome.kind === 'stopped') {
    if (outcome.reason === 'no-access') return refuse(conversationNotFound);
    if (outcome.reason === 'no-message' || message === undefined) return refuse(messageNotFound);
    if (outcome.reason !== 'same') return outcome.reason;
    announced = await ownLastChange(principal, conversation, message);
  } else if (outcome.kind === 'written' || outcome.kind === 'duplicate') {
    announced = outcome.entry;
    message =
      outcome.kind === 'written' && message !== undefined
        ? withChange(message, announced, change.content)
        : await readEntry(conversation, seq);
  } else {
    return { unwritten: outcome };
  }
  if (message === undefined) return refuse(messageNotFound);
  const changed = message;
  const answer = change.answer(changed, 'entry' in outcome ? outcome.entry : undefined);
  await deliver(scope, [
    ...(caller === undefined ? [] : [caller.acknowledge(answer)]),
    ...recipients.flatMap(({ userId, connectionId, reader }) => {
      const access = accessTo(item, reader);
      // A repetition reads the message after the item.
      if (announced === undefined || access === undefined || revisionOf(changed) > item.revision) return [];
      return [{ userId, connectionId, frame: eventFor(context, announced, changed, access) }];
    }),
  ]);
  return answer;
}

/**
 * Undefined unless the last change is the principal's own. An earlier attempt may have failed between write and
 * delivery, so the entry is delivered again.
 */
async function ownLastChange(
  principal: Principal,
  log: LogAddress,
  { seq, changes }: LogEntry,
): Promise<LogEntry | undefined> {
  if (changes.updatedSeq === seq) return undefined;
  const last = await readEntry(log, changes.updatedSeq);
  return last?.senderId === principal.userId ? last : undefined;
}
