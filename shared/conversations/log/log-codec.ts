import type { Key } from '../../table/keys.ts';
import { seqOfSortKey } from '../../table/keys.ts';
import type { LogEntry } from './log-entry.ts';

/**
 * An entry as it is stored. Attribute names are one letter: with a text of 200 bytes an entry then takes about half of a
 * write unit (1 KB), and 14 entries fit two read units.
 */
export interface StoredEntry {
  /** entryId */
  readonly i: string;
  /** kind */
  readonly k: 'm';
  /** senderId */
  readonly s: string;
  /** clientMessageId */
  readonly c: string;
  /** createdAt */
  readonly t: number;
  /** digest */
  readonly d: Uint8Array;
  /** content */
  readonly x: Uint8Array;
  /** origin */
  readonly o?: string;
  /** state: count */
  readonly n: number;
  /** hash */
  readonly h: Uint8Array;
}

export function toStoredEntry(entry: LogEntry): StoredEntry {
  return {
    i: entry.entryId,
    k: 'm',
    s: entry.senderId,
    c: entry.clientMessageId,
    t: entry.createdAt,
    d: entry.digest,
    x: entry.content,
    ...(entry.origin === undefined ? {} : { o: entry.origin }),
    n: entry.state.count,
    h: entry.hash,
  };
}

export function fromStoredEntry(stored: StoredEntry & Pick<Key, 'sk'>): LogEntry {
  return {
    seq: seqOfSortKey(stored.sk),
    entryId: stored.i,
    kind: 'message',
    senderId: stored.s,
    clientMessageId: stored.c,
    createdAt: stored.t,
    digest: stored.d,
    content: stored.x,
    origin: stored.o,
    state: { count: stored.n },
    hash: stored.h,
  };
}
