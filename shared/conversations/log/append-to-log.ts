import type { TenantKeys } from '../../encryption/data-keys.ts';
import { now } from '../../runtime/clock.ts';
import { newId } from '../../runtime/ids.ts';
import type { TenantScope } from '../../tenancy/tenant-scope.ts';
import { append, type AppendCommand, type AppendDecision, type EntryDraft } from './append.ts';
import { chainHash, chainStart } from './hash-chain.ts';
import { type MessageContent, sealContent } from './log-content.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogStore } from './log-store.ts';
import { extend, type LogWindow, newest, trim, windowMs } from './log-window.ts';

export type AppendOutcome =
  | { readonly kind: 'written'; readonly entry: LogEntry }
  | { readonly kind: 'duplicate'; readonly entry: LogEntry }
  | Extract<AppendDecision, { kind: 'clock-skew' | 'idempotency-conflict' | 'throttled' }>
  /** Others took every slot that was tried. */
  | { readonly kind: 'busy' };

/** What an append needs to know of the conversation it writes to. */
export interface AppendTarget {
  readonly scope: TenantScope;
  readonly conversationId: string;
  readonly store: LogStore;
  readonly keys: TenantKeys;
}

/** Enough for dozens of writers at once on one conversation; each loss means that somebody else got on. */
const slotAttempts = 30;
const forwardPage = 100;

/**
 * Appends a message: decides on the window, takes the next slot, and where that is taken reads on and decides again.
 * With a warm window that is one call. A refusal is never decided on a window that may be stale: what the caller is
 * told was not stored, is not in the log.
 * @returns the outcome and the window to remember.
 */
export async function appendToLog(
  target: AppendTarget,
  known: LogWindow,
  command: AppendCommand,
  content: MessageContent,
  origin: string | undefined,
): Promise<{ readonly outcome: AppendOutcome; readonly window: LogWindow }> {
  let window = known;
  let confirmed = false;
  for (let attempt = 0; attempt < slotAttempts;) {
    const decision = append(window, command, now());
    if (decision.kind === 'duplicate') {
      return { outcome: { kind: 'duplicate', entry: decision.original }, window: trim(window, now()) };
    }
    if (decision.kind === 'read-back') {
      window = await readBack(target.store, window, decision, command);
      continue;
    }
    if (decision.kind !== 'write') {
      if (confirmed) return { outcome: decision, window: trim(window, now()) };
      window = await readOn(target.store, window);
      confirmed = true;
      continue;
    }
    attempt += 1;
    const entry = seal(target, window, decision.draft, content, origin);
    const put = await target.store.put(entry);
    if (put.written || put.taken.entryId === entry.entryId) {
      // The second: the answer to our own write was lost, and the SDK's repetition met it.
      return { outcome: { kind: 'written', entry }, window: trim(extend(window, [entry]), now()) };
    }
    await pause(attempt);
    window = await readOn(target.store, window);
  }
  return { outcome: { kind: 'busy' }, window: trim(window, now()) };
}

function seal(
  target: AppendTarget,
  window: LogWindow,
  draft: EntryDraft,
  content: MessageContent,
  origin: string | undefined,
): LogEntry {
  const previous = newest(window)?.hash ?? chainStart(target.conversationId);
  return {
    ...draft,
    entryId: newId(),
    content: sealContent(target.keys, target.scope, target.conversationId, draft.seq, content),
    origin,
    hash: chainHash(previous, draft),
  };
}

/** Everything that was appended since, consistently. */
async function readOn(store: LogStore, known: LogWindow): Promise<LogWindow> {
  let window = known;
  for (;;) {
    const following = await store.readForward(newest(window)?.seq ?? 0, forwardPage);
    window = extend(window, following);
    if (following.length < forwardPage) return window;
  }
}

/** Extends the window back; but for a late message only looks for the original, without keeping what lies between. */
async function readBack(
  store: LogStore,
  window: LogWindow,
  need: Extract<AppendDecision, { kind: 'read-back' }>,
  command: AppendCommand,
): Promise<LogWindow> {
  const before = window.entries[0]?.seq ?? 1;
  const keep = need.why === 'rate' || need.since >= now() - windowMs;
  let entries = window.entries;
  let original: LogEntry | undefined;
  for await (const page of store.searchBack(before, need.since)) {
    if (keep) entries = [...page, ...entries];
    original ??= page.find(
      (entry) => entry.clientMessageId === command.clientMessageId && entry.senderId === command.senderId,
    );
    if (original !== undefined && !keep) break;
  }
  if (keep) {
    return { ...window, entries, fromStart: window.fromStart || entries[0]?.seq === 1 };
  }
  return { ...window, searched: { since: need.since, original } };
}

/** Full jitter, so that writers who met once do not meet again. */
async function pause(attempt: number): Promise<void> {
  if (attempt < 3) return;
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(100, 2 ** attempt)));
}
