import type { SupportStateView } from '../../contract/schemas/support.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { append, type AppendCommand, type AppendDecision, isOriginal, type NewEntry } from './append.ts';
import { chainHash, chainStart } from './hash-chain.ts';
import type { EntryContent } from './entry-kinds.ts';
import { digestOf, type LogOwner, sealContent } from './log-content.ts';
import { emptyState, type LogEntry, type LogState } from './log-entry.ts';
import { type ExtraWrites, putEntry, readForward, searchBack } from './log-store.ts';
import { extend, type LogTail, newest, trim, windowMs } from './log-tail.ts';

export type AppendOutcome<Reason = never> =
  | { readonly kind: 'written'; readonly entry: LogEntry }
  | { readonly kind: 'duplicate'; readonly entry: LogEntry }
  | Extract<AppendDecision, { kind: 'clock-skew' | 'idempotency-conflict' | 'throttled' }>
  /** Other writers took every slot that was tried. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'stopped'; readonly reason: Reason };

export type PreconditionResult<Reason> =
  | ({ readonly kind: 'granted' } & GrantedWrite)
  /** Read the log again. */
  | { readonly kind: 'retry' }
  | { readonly kind: 'stopped'; readonly reason: Reason };

export interface GrantedWrite {
  readonly extraWrites?: ExtraWrites;
  /** Replaces the request's content. */
  readonly content?: EntryContent;
  /** The entry is written together with a new revision of the conversation's item. */
  readonly revises?: boolean;
  readonly support?: SupportStateView;
}

/** The slot that is about to be written. */
export interface NextSlot extends Pick<NewEntry, 'seq' | 'createdAt'> {
  readonly tail: LogTail;
}

export interface AppendRequest<Reason> {
  readonly command: AppendCommand;
  readonly content: EntryContent;
  /** The WebSocket connection that sent the entry. */
  readonly origin: string | undefined;
  /**
   * Runs before each attempt. Data that change only with an entry are still unchanged at the write: a change would have
   * taken the slot.
   */
  readonly precondition?: (state: LogState, next: NextSlot) => Promise<PreconditionResult<Reason>>;
}

export interface LogStorage {
  readonly readForward: typeof readForward;
  readonly searchBack: typeof searchBack;
  readonly putEntry: typeof putEntry;
}
const logStorage: LogStorage = { readForward, searchBack, putEntry };

/** Enough for dozens of simultaneous writers: whenever one fails, another has succeeded. */
const slotAttempts = 30;
const forwardPage = 100;

/**
 * Writes the next slot. If it is taken, reads the newer entries and decides again. A rejected entry is guaranteed not
 * to be in the log.
 * @returns the outcome and the tail to cache.
 */
export async function appendToLog<Reason = never>(
  owner: LogOwner,
  start: LogTail,
  request: AppendRequest<Reason>,
  storage = logStorage,
): Promise<{ readonly outcome: AppendOutcome<Reason>; readonly tail: LogTail }> {
  let tail = start;
  let confirmed = false;
  const ended = (outcome: AppendOutcome<Reason>) => ({ outcome, tail: trim(tail, now()) });
  for (let attempt = 0; attempt < slotAttempts;) {
    const decision = append(tail, request.command, now());
    if (decision.kind === 'duplicate') return ended({ kind: 'duplicate', entry: decision.original });
    if (decision.kind === 'read-back') {
      tail = await readBack(storage, owner, tail, decision, request.command);
      continue;
    }
    if (decision.kind !== 'write') {
      if (confirmed) return ended(decision);
      tail = await readNewer(storage, owner, tail);
      confirmed = true;
      continue;
    }
    attempt += 1;
    const permission = (await request.precondition?.(newest(tail)?.state ?? emptyState, {
      ...decision.newEntry,
      tail,
    })) ?? { kind: 'granted' };
    if (permission.kind === 'stopped') {
      if (confirmed) return ended(permission);
      confirmed = true;
    }
    // An entry has a higher number than the message that it changes.
    const isStale = (decision.newEntry.target ?? 0) >= decision.newEntry.seq;
    if (permission.kind !== 'granted' || isStale) {
      tail = await readNewer(storage, owner, tail);
      continue;
    }
    const entry = seal(owner, tail, decision.newEntry, request, permission);
    const put = await storage.putEntry(owner, entry, permission.extraWrites);
    if (put.written || put.taken?.entryId === entry.entryId) {
      // If the slot contains this entry, the SDK repeated a write whose reply was lost.
      tail = extend(tail, [entry]);
      return ended({ kind: 'written', entry });
    }
    await pause(attempt);
    tail = await readNewer(storage, owner, tail);
  }
  return ended({ kind: 'busy' });
}

function seal<Reason>(
  owner: LogOwner,
  tail: LogTail,
  decided: NewEntry,
  request: AppendRequest<Reason>,
  { content = request.content, revises, support }: GrantedWrite,
): LogEntry {
  const previous = newest(tail)?.hash ?? chainStart(owner.keys, owner.conversationId);
  const { state } = decided;
  const newEntry: NewEntry = {
    ...decided,
    ...(content === request.content ? {} : { digest: digestOf(owner.keys, content) }),
    ...(revises === true ? { state: { ...state, revision: state.revision + 1 } } : {}),
    ...(support === undefined ? {} : { support }),
  };
  return {
    ...newEntry,
    entryId: newId(),
    content: sealContent(owner, newEntry, content),
    origin: request.origin,
    hash: chainHash(owner.keys, previous, newEntry),
    changes: { updatedSeq: newEntry.seq, reactions: {} },
  };
}

async function readNewer(storage: LogStorage, owner: LogOwner, start: LogTail): Promise<LogTail> {
  let tail = start;
  for (;;) {
    const following = await storage.readForward(owner, newest(tail)?.seq ?? 0, forwardPage);
    tail = extend(tail, following);
    if (following.length < forwardPage) return tail;
  }
}

/** For a late entry, does not keep the entries in between. */
async function readBack(
  storage: LogStorage,
  owner: LogOwner,
  tail: LogTail,
  need: Extract<AppendDecision, { kind: 'read-back' }>,
  command: AppendCommand,
): Promise<LogTail> {
  const before = tail.entries[0]?.seq ?? 1;
  const keep = need.why === 'rate' || need.since >= now() - windowMs;
  let entries = tail.entries;
  let original: LogEntry | undefined;
  for await (const page of storage.searchBack(owner, before, need.since)) {
    if (keep) entries = [...page, ...entries];
    original ??= page.find((entry) => isOriginal(entry, command));
    if (original !== undefined && !keep) break;
  }
  if (keep) {
    return { ...tail, entries, fromStart: tail.fromStart || entries[0]?.seq === 1 };
  }
  return { ...tail, searched: { since: need.since, original } };
}

/** Full jitter, so that writers do not collide again. */
async function pause(attempt: number): Promise<void> {
  if (attempt < 3) return;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(100, 2 ** attempt)));
}
