import type { AppendCommand } from './append.ts';
import { messageKind } from './entry-kinds.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogTail } from './log-tail.ts';

export function entryOf(entry: Partial<LogEntry> & Pick<LogEntry, 'seq'>): LogEntry {
  return {
    entryId: `entry-${entry.seq}`,
    kind: messageKind,
    senderId: 'alice',
    clientMessageId: `id-${entry.seq}`,
    createdAt: entry.seq * 1000,
    digest: new Uint8Array([entry.seq % 256]),
    content: new Uint8Array(),
    target: undefined,
    deliversAgain: false,
    origin: undefined,
    state: { count: entry.seq, revision: 0 },
    hash: new Uint8Array(),
    changes: { updatedSeq: entry.seq, reactions: {} },
    ...entry,
  };
}

export function tailOf(
  entries: readonly LogEntry[],
  fromStart = entries[0]?.seq === 1 || entries.length === 0,
): LogTail {
  return { entries, fromStart };
}

export function commandOf(command: Partial<AppendCommand> = {}): AppendCommand {
  return {
    kind: messageKind,
    senderId: 'alice',
    clientMessageId: 'new-id',
    claimedAt: 1_000_000,
    digest: new Uint8Array([7]),
    perMinute: null,
    ...command,
  };
}
