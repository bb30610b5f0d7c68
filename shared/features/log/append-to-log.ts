import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { append, type AppendCommand, type AppendDecision, type NewEntry } from './append.ts';
import { chainHash, chainStart } from './hash-chain.ts';
import type { EntryContent } from './entry-kinds.ts';
import { digestOf, type LogOwner, sealContent } from './log-content.ts';
import { emptyState, type LogEntry, type LogState } from './log-entry.ts';
import type { ExtraWrites, LogStore } from './log-store.ts';
import { extend, type LogTail, newest, trim, windowMs } from './log-tail.ts';

export type AppendOutcome<Reason = never> =
  | { readonly kind: 'written'; readonly entry: LogEntry }
  | { readonly kind: 'duplicate'; readonly entry: LogEntry }
  | Extract<AppendDecision, { kind: 'clock-skew' | 'idempotency-conflict' | 'throttled' }>
  /** Others took every slot that was tried. */
  | { readonly kind: 'busy' }
  /** What has to hold for this entry does not. */
  | { readonly kind: 'stopped'; readonly reason: Reason };

/** The log to append to. */
export interface AppendTarget extends LogOwner {
  readonly store: LogStore;
}

/** Whether the entry may be written as things stand after the newest known entry. */
export type Permission<Reason> =
  /** `content` takes the place of the request's own, where it depends on how things stand. */
  | { readonly kind: 'granted'; readonly extraWrites?: ExtraWrites; readonly content?: EntryContent }
  /** What it looked at is newer than the known entries. */
  | { readonly kind: 'read-on' }
  | { readonly kind: 'stopped'; readonly reason: Reason };

export interface AppendRequest<Reason> {
  readonly command: AppendCommand;
  readonly content: EntryContent;
  /** The connection that it comes from, if it comes by WebSocket. */
  readonly origin: string | undefined;
  /**
   * Asked before each attempt, with the state that the attempt builds on. Whatever it looks at and finds unchanged is
   * unchanged when the entry is written: a change would have taken the slot.
   */
  readonly precondition?: (state: LogState) => Promise<Permission<Reason>>;
}

/** Enough for dozens of writers at once on one conversation; each loss means that somebody else got on. */
const slotAttempts = 30;
const forwardPage = 100;

/**
 * Appends an entry: decides on the tail, takes the next slot, and where that is taken reads on and decides again.
 * With a warm tail that is one call. A refusal is never decided on a tail that may be stale: what the caller is
 * told was not stored, is not in the log.
 * @returns the outcome and the tail to remember.
 */
export async function appendToLog<Reason = never>(
  target: AppendTarget,
  known: LogTail,
  request: AppendRequest<Reason>,
): Promise<{ readonly outcome: AppendOutcome<Reason>; readonly tail: LogTail }> {
  let tail = known;
  let confirmed = false;
  const ended = (outcome: AppendOutcome<Reason>) => ({ outcome, tail: trim(tail, now()) });
  for (let attempt = 0; attempt < slotAttempts;) {
    const decision = append(tail, request.command, now());
    if (decision.kind === 'duplicate') return ended({ kind: 'duplicate', entry: decision.original });
    if (decision.kind === 'read-back') {
      tail = await readBack(target.store, tail, decision, request.command);
      continue;
    }
    if (decision.kind !== 'write') {
      if (confirmed) return ended(decision);
      tail = await readNewer(target.store, tail);
      confirmed = true;
      continue;
    }
    attempt += 1;
    const permission = (await request.precondition?.(newest(tail)?.state ?? emptyState)) ?? { kind: 'granted' };
    if (permission.kind === 'stopped') {
      if (confirmed) return ended(permission);
      confirmed = true;
    }
    // A message that is changed stands before the entry that changes it: else the tail ends before both.
    const isBehind = (decision.newEntry.target ?? 0) >= decision.newEntry.seq;
    if (permission.kind !== 'granted' || isBehind) {
      tail = await readNewer(target.store, tail);
      continue;
    }
    const entry = seal(target, tail, decision.newEntry, request, permission.content);
    const put = await target.store.put(entry, permission.extraWrites);
    if (put.written || put.taken?.entryId === entry.entryId) {
      // The second: the answer to our own write was lost, and the SDK's repetition met it.
      tail = extend(tail, [entry]);
      return ended({ kind: 'written', entry });
    }
    await pause(attempt);
    tail = await readNewer(target.store, tail);
  }
  return ended({ kind: 'busy' });
}

function seal<Reason>(
  target: AppendTarget,
  tail: LogTail,
  decided: NewEntry,
  request: AppendRequest<Reason>,
  content: EntryContent = request.content,
): LogEntry {
  const previous = newest(tail)?.hash ?? chainStart(target.keys, target.conversationId);
  const newEntry = content === request.content ? decided : { ...decided, digest: digestOf(target.keys, content) };
  return {
    ...newEntry,
    entryId: newId(),
    content: sealContent(target, newEntry, content),
    origin: request.origin,
    hash: chainHash(target.keys, previous, newEntry),
    changes: { updatedSeq: newEntry.seq, reactions: {} },
  };
}

/** Everything that was appended since, consistently. */
async function readNewer(store: LogStore, known: LogTail): Promise<LogTail> {
  let tail = known;
  for (;;) {
    const following = await store.readForward(newest(tail)?.seq ?? 0, forwardPage);
    tail = extend(tail, following);
    if (following.length < forwardPage) return tail;
  }
}

/** Extends the tail back; but for a late entry only looks for the original, without keeping what lies between. */
async function readBack(
  store: LogStore,
  tail: LogTail,
  need: Extract<AppendDecision, { kind: 'read-back' }>,
  command: AppendCommand,
): Promise<LogTail> {
  const before = tail.entries[0]?.seq ?? 1;
  const keep = need.why === 'rate' || need.since >= now() - windowMs;
  let entries = tail.entries;
  let original: LogEntry | undefined;
  for await (const page of store.searchBack(before, need.since)) {
    if (keep) entries = [...page, ...entries];
    original ??= page.find(
      (entry) => entry.clientMessageId === command.clientMessageId && entry.senderId === command.senderId,
    );
    if (original !== undefined && !keep) break;
  }
  if (keep) {
    return { ...tail, entries, fromStart: tail.fromStart || entries[0]?.seq === 1 };
  }
  return { ...tail, searched: { since: need.since, original } };
}

/** Full jitter, so that writers who met once do not meet again. */
async function pause(attempt: number): Promise<void> {
  if (attempt < 3) return;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(100, 2 ** attempt)));
}
