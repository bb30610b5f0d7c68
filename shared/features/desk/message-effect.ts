import { conversationClosed, newerReply } from '../../contract/desk/problems.ts';
import { systemUserId } from '../../contract/schemas/ids.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { deskSettings } from '../tenants/desk-settings.ts';
import type { NextSlot, PreconditionResult } from '../log/append-to-log.ts';
import { type ConversationItem, isParticipant, type SupportConversation } from '../log/conversation-item.ts';
import type { WritableConversation } from '../log/load-conversation.ts';
import type { LogEntry, LogState } from '../log/log-entry.ts';
import { readForward } from '../log/log-store.ts';
import { raisesUrgency } from '../log/raises-urgency.ts';
import type { SupportState } from '../log/support-state.ts';
import { supportStateOf } from '../log/support-state-view.ts';
import { readAgent } from '../agents/agent-store.ts';
import { takeOverAt } from './assignment/availability-rules.ts';
import { presenceOfAgent } from './assignment/candidates.ts';
import { alertAvailable } from './urgency/alert.ts';
import { tryToAssign } from './assignment/try-to-assign.ts';
import { addDeskWrites } from './desk-writes.ts';
import { checkTeam, withExistingTeam } from './existing-team.ts';
import { nextConversation } from './next-conversation.ts';
import { acceptsMessages, afterCustomerMessage, afterReply, type DeskTerms, deskTermsOf } from './support-rules.ts';

type MessageRefusal = Refusal<typeof conversationClosed> | Refusal<typeof newerReply>;
type Precondition<Reason> = (
  state: LogState,
  item: ConversationItem,
  next: NextSlot,
) => Promise<PreconditionResult<Reason>>;

export interface DeskMessage<Reason = never> {
  readonly principal: Principal;
  readonly conversation: WritableConversation;
  /** The checks that apply to every message. */
  readonly toSend: { readonly precondition?: () => Promise<PreconditionResult<Reason>> };
  readonly isUrgent: boolean;
  /** The newest entry that the author had seen. Without it, newer replies are not checked. */
  readonly seenSeq?: number | undefined;
}

export interface DeskEffect<Reason = never> {
  readonly precondition: Precondition<Reason | MessageRefusal>;
  /** Alerts agents and looks for one, if the message has made that necessary. Call it after the message is delivered. */
  follow(): Promise<void>;
}

/** Changes the state of a support conversation in the transaction of a message. */
export async function effectOf<Reason>(message: DeskMessage<Reason>): Promise<DeskEffect<Reason>> {
  const { principal, conversation, isUrgent } = message;
  const { scope, conversationId } = conversation;
  const settings = await deskSettings(scope);
  const terms = deskTermsOf(settings);
  let written: { readonly item: SupportConversation; readonly entry: LogEntry } | undefined;

  const precondition: Precondition<Reason | MessageRefusal> = async (_state, item, slot) => {
    written = undefined;
    const granted = (await message.toSend.precondition?.()) ?? { kind: 'granted' };
    if (granted.kind !== 'granted' || item.kind !== 'support') return granted;
    const isCustomer = isParticipant(item, principal.userId);
    const closed = refusalOfClosed(item, isCustomer, terms, slot.createdAt);
    if (closed !== undefined) return { kind: 'stopped', reason: closed };
    if (!isCustomer && (await hasNewerReply(message, item, slot)))
      return { kind: 'stopped', reason: refuse(newerReply) };
    const reopens = isCustomer && item.support.status === 'resolved';
    const known = reopens ? await withExistingTeam(scope, item.support) : item.support;
    const support = isCustomer
      ? afterCustomerMessage(known, { seq: slot.seq, urgent: isUrgent }, terms, slot.createdAt)
      : afterReply(item.support, principal.userId, terms, slot.createdAt);
    if (support === item.support) return granted;
    const before = item;
    const takeOver = await takeOverOf(conversation, support, settings.awayGraceSeconds * 1000);
    return {
      ...granted,
      revises: true,
      support: supportStateOf(support),
      extraWrites: (work, entry) => {
        granted.extraWrites?.(work, entry);
        const next = nextConversation(before, support, entry, terms, takeOver);
        written = { item: next, entry };
        addDeskWrites(work, { conversationId, before, next, entry });
        if (reopens) checkTeam(work, support, slot.createdAt);
      },
    };
  };

  const follow = async (): Promise<void> => {
    if (written === undefined) return;
    const { item, entry } = written;
    if (raisesUrgency(entry)) await alertAvailable(scope, conversationId, item);
    if (item.support.status === 'waiting') await tryToAssign(scope, conversationId);
  };
  return { precondition, follow };
}

/** When the conversation of an absent agent returns to the queue, now that its customer waits again. */
async function takeOverOf(
  { scope }: Pick<WritableConversation, 'scope'>,
  { status, assigneeId, assignedAt = 0, waitingSince }: SupportState,
  graceMs: number,
): Promise<number | undefined> {
  if (status !== 'active' || assigneeId === undefined || waitingSince === undefined) return undefined;
  const agent = await readAgent(scope, assigneeId);
  return agent && takeOverAt(presenceOfAgent(agent), assignedAt, graceMs);
}

function refusalOfClosed(
  { support }: SupportConversation,
  isCustomer: boolean,
  terms: DeskTerms,
  now: number,
): Refusal<typeof conversationClosed> | undefined {
  const isOpen = isCustomer ? acceptsMessages(support, terms, now) : support.status !== 'closed';
  return isOpen ? undefined : refuse(conversationClosed);
}

/** Whether another agent has replied since the entry that the author had seen. */
async function hasNewerReply(
  { principal, conversation, seenSeq }: DeskMessage<unknown>,
  item: SupportConversation,
  { tail }: NextSlot,
): Promise<boolean> {
  if (seenSeq === undefined) return false;
  const isKnown = tail.fromStart || (tail.entries[0]?.seq ?? 0) <= seenSeq + 1;
  const later = isKnown ? tail.entries : await readForward(conversation, seenSeq, mostRead);
  return later.some(
    (entry: LogEntry) =>
      entry.seq > seenSeq &&
      entry.kind.isMessage &&
      entry.kind.audience === 'everyone' &&
      entry.senderId !== systemUserId &&
      entry.senderId !== principal.userId &&
      !isParticipant(item, entry.senderId),
  );
}

/** Entries that the check reads. It does not find a reply after 200 others. */
const mostRead = 200;
