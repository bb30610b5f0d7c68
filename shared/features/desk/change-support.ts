import type { conversationBusy } from '../../contract/problems.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import { notASupportConversation } from '../../contract/desk/problems.ts';
import { systemUserId } from '../../contract/schemas/ids.ts';
import type { SystemMessage } from '../../contract/schemas/system-message.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { newId } from '../../core/runtime/ids.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { lastLogSeq } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type DeskSettings, deskSettings } from '../tenants/desk-settings.ts';
import { accessTo } from '../log/access.ts';
import { type AppendCommand, clockLeadMs, isOriginal } from '../log/append.ts';
import { refusalOfBusy } from '../log/append-refusal.ts';
import { appendToLog, type NextSlot, type PreconditionResult } from '../log/append-to-log.ts';
import type { AssignmentDecision } from '../log/assignment-decision.ts';
import { cacheConversation } from '../log/conversation-cache.ts';
import { isParticipant, type SupportConversation } from '../log/conversation-item.ts';
import { readConversation } from '../log/conversation-store.ts';
import type { LogOwner } from '../log/log-content.ts';
import type { EntryKind, LogEntry, LogState } from '../log/log-entry.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readTail, searchBack } from '../log/log-store.ts';
import { readerOf } from '../log/reader.ts';
import type { SupportState } from '../log/support-state.ts';
import { supportStateOf } from '../log/support-state-view.ts';
import { sealTexts, type SupportTexts } from '../log/support-texts.ts';
import { announceDeskEntry } from './announce-desk-entry.ts';
import { deskCommand } from './desk-command.ts';
import { addDeskWrites } from './desk-writes.ts';
import { nextConversation } from './next-conversation.ts';
import { type DeskTerms, deskTermsOf } from './support-rules.ts';

/** A customer, who changes only what the use case lets customers change. */
interface Customer {
  readonly scope: TenantScope;
  readonly customer: Principal;
}

/** The person who changes a support conversation, or the service itself. */
export type DeskActor = Principal | Customer | { readonly scope: TenantScope; readonly service: true };

/** The conversation on which a change is decided. It is current when the change is written. */
export interface DeskContext {
  readonly item: SupportConversation;
  readonly owner: LogOwner;
  readonly terms: DeskTerms;
  readonly settings: DeskSettings;
  /** Number of the entry that is about to be written. */
  readonly seq: number;
  readonly now: number;
}

export interface DeskChange {
  readonly support: SupportState;
  readonly system: SystemMessage;
  readonly decision?: AssignmentDecision;
  readonly force?: boolean;
  readonly texts?: SupportTexts;
  readonly extraWrites?: (work: UnitOfWork, entry: LogEntry) => void;
}

export interface ChangedSupport {
  readonly owner: LogOwner;
  /** After the change, or as it is if nothing changed. */
  readonly item: SupportConversation;
  /** Absent if nothing changed. */
  readonly entry?: LogEntry;
  /** The entry of an earlier request with the same `clientMessageId`. */
  readonly repeats?: LogEntry;
}

export type DeskRefusal =
  Refusal<typeof conversationNotFound> | Refusal<typeof notASupportConversation> | Refusal<typeof conversationBusy>;

/** Decides again at each attempt. `same`: nothing needs to change. */
export type DecideDesk<Problem> = (context: DeskContext) => Promise<DeskChange | 'same' | Problem>;

/** Bounds the attempts while an agent's load keeps changing. */
const mostDecisions = 20;

/** Writes a change by {@link writeSupport} and announces it. */
export async function changeSupport<Problem extends Refusal = never>(
  ...change: Parameters<typeof writeSupport<Problem>>
): Promise<ChangedSupport | Problem | DeskRefusal> {
  const changed = await writeSupport(...change);
  if (!isRefusal(changed)) await announceChange(changed);
  return changed;
}

export async function announceChange({ owner, item, entry }: ChangedSupport): Promise<void> {
  if (entry !== undefined) await announceDeskEntry({ owner, item, entry });
}

/**
 * Changes a support conversation: appends an entry, and in the same transaction changes the item, the lists, the
 * counts and the agents' loads. Of two simultaneous changes, the second is decided on the result of the first. The
 * caller announces the change.
 */
export async function writeSupport<Problem extends Refusal = never>(
  actor: DeskActor,
  conversationId: string,
  kind: EntryKind,
  decide: DecideDesk<Problem>,
  clientMessageId: string = newId(),
): Promise<ChangedSupport | Problem | DeskRefusal> {
  const { scope } = actor;
  const log = { scope, conversationId };
  const [found, settings] = await settleAll([loadCurrent(actor, log), deskSettings(scope)]);
  if (isRefusal(found)) return found;
  const { owner, tail } = found;
  const terms = deskTermsOf(settings);
  let item = found.item;
  let next: SupportConversation | undefined;
  let decisions = 0;

  const precondition = async (
    state: LogState,
    slot: NextSlot,
  ): Promise<PreconditionResult<Problem | DeskRefusal | 'same'>> => {
    if (item.revision !== state.revision || decisions > 0) {
      const current = await readConversation(scope, conversationId);
      if (current?.kind !== 'support' || current.revision !== state.revision) return { kind: 'retry' };
      item = current;
      if (!(await mayChange(actor, item))) return { kind: 'stopped', reason: refuse(conversationNotFound) };
    }
    decisions += 1;
    if (decisions > mostDecisions) return { kind: 'stopped', reason: refusalOfBusy() };
    const decided = await decide({ item, owner, terms, settings, seq: slot.seq, now: slot.createdAt });
    if (decided === 'same' || isRefusal(decided)) return { kind: 'stopped', reason: decided };
    const { support, system, decision, force, texts, extraWrites } = decided;
    const before = item;
    return {
      kind: 'granted',
      revises: true,
      content: { type: 'system', system, ...(decision === undefined ? {} : { decision: withFormer(decision, item) }) },
      support: supportStateOf(support),
      extraWrites: (work, entry) => {
        const changed = nextConversation(before, support, entry, terms);
        next = {
          ...changed,
          ...(texts === undefined ? {} : { sealed: sealTexts(owner, entry.state.revision, texts) }),
          ...(decision === undefined
            ? {}
            : { assignments: [...before.assignments, entry.seq].slice(-rememberedAssignments) }),
        };
        addDeskWrites(work, { conversationId, before, next, entry, ...(force === undefined ? {} : { force }) });
        extraWrites?.(work, entry);
      },
    };
  };

  const content = { type: 'system', system: { kind: 'changed' } } as const;
  const senderId = 'service' in actor ? systemUserId : personOf(actor).userId;
  const command = deskCommand(owner, { kind, senderId, clientMessageId }, content);
  const request = { command, content, origin: undefined, precondition };
  const { outcome, tail: newTail } = await appendToLog<Problem | DeskRefusal | 'same'>(owner, tail, request);
  if (outcome.kind === 'idempotency-conflict') {
    // The change decides on the content of its entry, so a repetition has another digest.
    const repeats = await originalOf(owner, command);
    return repeats === undefined ? refusalOfBusy() : { owner, item, repeats };
  }
  if (outcome.kind === 'stopped') return outcome.reason === 'same' ? { owner, item } : outcome.reason;
  if (outcome.kind !== 'written' || next === undefined) return refusalOfBusy();
  cacheConversation(log, { item: next, tail: newTail });
  return { owner, item: next, entry: outcome.entry };
}

async function originalOf(owner: LogOwner, command: AppendCommand): Promise<LogEntry | undefined> {
  for await (const page of searchBack(owner, lastLogSeq, command.claimedAt - clockLeadMs)) {
    const original = page.find((entry) => isOriginal(entry, command));
    if (original !== undefined) return original;
  }
  return undefined;
}

function withFormer(
  decision: AssignmentDecision,
  { support: { assigneeId } }: SupportConversation,
): AssignmentDecision {
  return assigneeId === undefined ? decision : { ...decision, fromId: assigneeId };
}

/** The maximum that a conversation lists. */
const rememberedAssignments = 100;

async function loadCurrent(actor: DeskActor, log: { readonly scope: TenantScope; readonly conversationId: string }) {
  const { conversation, tail } = await readTail(log, { consistent: true });
  const item = conversation ?? (await readConversation(log.scope, log.conversationId));
  if (item === undefined) return refuse(conversationNotFound);
  if (item.kind !== 'support') {
    const isSeen = 'service' in actor || accessTo(item, await readerOf(personOf(actor), item)) !== undefined;
    return isSeen ? refuse(notASupportConversation) : refuse(conversationNotFound);
  }
  const [allowed, owner] = await settleAll([mayChange(actor, item), ownerOf({ ...log, item })]);
  return allowed ? { item, tail, owner } : refuse(conversationNotFound);
}

function personOf(actor: Principal | Customer): Principal {
  return 'customer' in actor ? actor.customer : actor;
}

async function mayChange(actor: DeskActor, item: SupportConversation): Promise<boolean> {
  if ('service' in actor) return true;
  if ('customer' in actor) return isParticipant(item, actor.customer.userId);
  return accessTo(item, await readerOf(actor, item))?.canManage === true;
}
