import { emptyState, type EntryKind, type LogEntry } from './log-entry.ts';
import { type LogTail, newest, reachesBack } from './log-tail.ts';

export interface AppendCommand {
  readonly kind: EntryKind;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** Milliseconds since the epoch, from `clientMessageId`. */
  readonly claimedAt: number;
  readonly digest: Uint8Array;
  /** The number of the message that the entry changes. */
  readonly target?: number;
  /** See {@link LogEntry}. */
  readonly deliversAgain?: boolean;
  readonly isOfSupport?: true;
  readonly revises?: boolean;
  /** Per sender and conversation; `null` for no limit. Messages and other entries are counted separately. */
  readonly perMinute: number | null;
}

export type NewEntry = Omit<LogEntry, 'entryId' | 'content' | 'hash' | 'origin' | 'changes'>;

export type AppendDecision =
  | { readonly kind: 'write'; readonly newEntry: NewEntry }
  | { readonly kind: 'duplicate'; readonly original: LogEntry }
  | { readonly kind: 'read-back'; readonly since: number; readonly why: 'original' | 'rate' }
  | { readonly kind: 'clock-skew' }
  | { readonly kind: 'idempotency-conflict' }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number };

/** The maximum lead of a client's clock. */
export const clockLeadMs = 2 * 60 * 1000;
/** For the first send and for repetitions. */
export const oldestRetryMs = 30 * 24 * 60 * 60 * 1000;
export const rateWindowMs = 60 * 1000;

/**
 * Decides by the end of the log alone. A repetition is written only once.
 *
 * The first send claims a time at most two minutes ahead of the server, and an entry's time is never before the clock
 * that accepted it. So the original is not older than `claimedAt - 2 min`.
 */
export function append(tail: LogTail, command: AppendCommand, now: number): AppendDecision {
  if (isSkewed(command.claimedAt, now)) return { kind: 'clock-skew' };

  const original = findOriginal(tail, command);
  if (original !== undefined) {
    const isSame = original.kind === command.kind && original.target === command.target;
    return isSame && sameBytes(original.digest, command.digest)
      ? { kind: 'duplicate', original }
      : { kind: 'idempotency-conflict' };
  }
  const since = command.claimedAt - clockLeadMs;
  const searchedSince = tail.searched?.since ?? Infinity;
  if (searchedSince > since && !reachesBack(tail, since)) return { kind: 'read-back', since, why: 'original' };

  const last = newest(tail);
  const at = Math.max(now, last?.createdAt ?? 0);
  if (command.perMinute !== null) {
    const from = at - rateWindowMs;
    const { isMessage } = command.kind;
    const recent = tail.entries.filter(
      (entry) => entry.senderId === command.senderId && entry.createdAt > from && entry.kind.isMessage === isMessage,
    );
    const blocking = recent.at(-command.perMinute);
    if (recent.length >= command.perMinute && blocking !== undefined) {
      return { kind: 'throttled', retryAfterMs: Math.max(1, blocking.createdAt + rateWindowMs - now) };
    }
    if (!reachesBack(tail, from + 1)) return { kind: 'read-back', since: from + 1, why: 'rate' };
  }

  const state = last?.state ?? emptyState;
  return {
    kind: 'write',
    newEntry: {
      seq: (last?.seq ?? 0) + 1,
      kind: command.kind,
      senderId: command.senderId,
      clientMessageId: command.clientMessageId,
      createdAt: at,
      target: command.target,
      deliversAgain: command.deliversAgain ?? false,
      ...(command.isOfSupport === undefined ? {} : { isOfSupport: true }),
      digest: command.digest,
      state: {
        count: state.count + (command.kind.countsAsUnread ? 1 : 0),
        revision: state.revision + (command.revises === true ? 1 : 0),
      },
    },
  };
}

/** Whether an original could no longer be found. */
export function isSkewed(claimedAt: number, now: number): boolean {
  return claimedAt > now + clockLeadMs || claimedAt < now - oldestRetryMs;
}

function findOriginal({ entries, searched }: LogTail, command: AppendCommand): LogEntry | undefined {
  return [...entries, searched?.original].find((entry) => entry !== undefined && isOriginal(entry, command));
}

export function isOriginal(entry: LogEntry, command: AppendCommand): boolean {
  return entry.clientMessageId === command.clientMessageId && entry.senderId === command.senderId;
}

function sameBytes(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}
