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
  /** The precondition does not hold. */
  | { readonly kind: 'stopped'; readonly reason: Reason };

/** The decision of a precondition: whether the entry may be written after the newest known entry. */
export type PreconditionResult<Reason> =
  /** `content` replaces the request's content if it depends on the state of the conversation. */
  | { readonly kind: 'granted'; readonly extraWrites?: ExtraWrites; readonly content?: EntryContent }
  /** The precondition found data that is newer than the known entries. The log is read again. */
  | { readonly kind: 'retry' }
  | { readonly kind: 'stopped'; readonly reason: Reason };

export interface AppendRequest<Reason> {
  readonly command: AppendCommand;
  readonly content: EntryContent;
  /** The connection that sent it, if it came by WebSocket. */
  readonly origin: string | undefined;
  /**
   * Runs before each attempt, with the state after the newest known entry. If the data that it reads changes only
   * together with an entry, it is unchanged when this entry is written: a change would have taken the slot.
   */
  readonly precondition?: (state: LogState) => Promise<PreconditionResult<Reason>>;
}

/** The reads and the write of an append. Tests replace them. */
export interface LogStorage {
  readonly readForward: typeof readForward;
  readonly searchBack: typeof searchBack;
  readonly putEntry: typeof putEntry;
}
const logStorage: LogStorage = { readForward, searchBack, putEntry };

/** Enough for dozens of simultaneous writers in one conversation: whenever one fails, another has succeeded. */
const slotAttempts = 30;
const forwardPage = 100;

/**
 * Appends an entry: decides on a tail of the log and writes the next slot. If the slot is taken, reads the newer
 * entries and decides again. With a current tail this takes one call. Rejections are confirmed by a consistent read, so
 * a rejected entry is guaranteed not to be in the log.
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
    const permission = (await request.precondition?.(newest(tail)?.state ?? emptyState)) ?? { kind: 'granted' };
    if (permission.kind === 'stopped') {
      if (confirmed) return ended(permission);
      confirmed = true;
    }
    // An entry has a higher number than the message that it changes. If not, the tail is stale.
    const isStale = (decision.newEntry.target ?? 0) >= decision.newEntry.seq;
    if (permission.kind !== 'granted' || isStale) {
      tail = await readNewer(storage, owner, tail);
      continue;
    }
    const entry = seal(owner, tail, decision.newEntry, request, permission.content);
    const put = await storage.putEntry(owner, entry, permission.extraWrites);
    if (put.written || put.taken?.entryId === entry.entryId) {
      // If the slot contains this entry, an earlier reply was lost and the SDK repeated the write.
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
  content: EntryContent = request.content,
): LogEntry {
  const previous = newest(tail)?.hash ?? chainStart(owner.keys, owner.conversationId);
  const newEntry = content === request.content ? decided : { ...decided, digest: digestOf(owner.keys, content) };
  return {
    ...newEntry,
    entryId: newId(),
    content: sealContent(owner, newEntry, content),
    origin: request.origin,
    hash: chainHash(owner.keys, previous, newEntry),
    changes: { updatedSeq: newEntry.seq, reactions: {} },
  };
}

/** Extends the tail by all newer entries, read consistently. */
async function readNewer(storage: LogStorage, owner: LogOwner, start: LogTail): Promise<LogTail> {
  let tail = start;
  for (;;) {
    const following = await storage.readForward(owner, newest(tail)?.seq ?? 0, forwardPage);
    tail = extend(tail, following);
    if (following.length < forwardPage) return tail;
  }
}

/**
 * Extends the tail by older entries. For a late entry, only searches for the original and does not keep the entries in
 * between.
 */
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

/** Waits with full jitter, so that writers that collided do not collide again. */
async function pause(attempt: number): Promise<void> {
  if (attempt < 3) return;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(100, 2 ** attempt)));
}
