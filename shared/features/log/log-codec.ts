import type { SupportStateView } from '../../contract/schemas/support.ts';
import type { Key } from '../../core/table/keys.ts';
import { seqOf } from '../../core/table/keys.ts';
import { kindOfLetter } from './entry-kinds.ts';
import type { EntryChanges, LogEntry } from './log-entry.ts';

/** With names of one letter, an entry with a text of 200 bytes takes about half of a write unit (1 KB). */
export interface StoredEntry extends StoredChanges {
  /** entryId */
  readonly i: string;
  /** kind */
  readonly k: string;
  /** senderId */
  readonly s: string;
  /** clientMessageId */
  readonly c: string;
  /** createdAt */
  readonly t: number;
  /** target */
  readonly g?: number;
  /** deliversAgain */
  readonly w?: true;
  /** digest */
  readonly d: Uint8Array;
  /** content */
  readonly x: Uint8Array;
  /** origin */
  readonly o?: string;
  /** state: count */
  readonly n: number;
  /** state: revision, unless it is 0 */
  readonly v?: number;
  /** hash */
  readonly h: Uint8Array;
  /** isOfSupport */
  readonly f?: true;
  /** support */
  readonly p?: SupportStateView;
}

export interface StoredChanges {
  /** updatedSeq */
  readonly u?: number;
  /** revision at the last change, unless it is 0 */
  readonly y?: number;
  /** edit: number, time, content */
  readonly e?: { readonly q: number; readonly t: number; readonly x: Uint8Array };
  /** edits */
  readonly l?: readonly number[];
  /** deletion: number, time, author */
  readonly z?: { readonly q: number; readonly t: number; readonly s: string };
  /** reactions */
  readonly r?: Readonly<Record<string, readonly string[]>>;
}

export function toStoredEntry(entry: LogEntry): StoredEntry {
  return {
    i: entry.entryId,
    k: entry.kind.letter,
    s: entry.senderId,
    c: entry.clientMessageId,
    t: entry.createdAt,
    ...(entry.target === undefined ? {} : { g: entry.target }),
    ...(entry.deliversAgain ? { w: true } : {}),
    d: entry.digest,
    x: entry.content,
    ...(entry.origin === undefined ? {} : { o: entry.origin }),
    n: entry.state.count,
    ...(entry.state.revision === 0 ? {} : { v: entry.state.revision }),
    h: entry.hash,
    ...(entry.isOfSupport === undefined ? {} : { f: true }),
    ...(entry.support === undefined ? {} : { p: entry.support }),
    ...(entry.changes.updatedSeq === entry.seq ? {} : toStoredChanges(entry.changes)),
  };
}

export function toStoredChanges({
  updatedSeq,
  revision,
  edit,
  edits,
  deletion,
  reactions,
}: EntryChanges): StoredChanges {
  return {
    u: updatedSeq,
    ...(revision === undefined ? {} : { y: revision }),
    ...(edit === undefined ? {} : { e: { q: edit.seq, t: edit.at, x: edit.content } }),
    ...(edits === undefined ? {} : { l: edits }),
    ...(deletion === undefined ? {} : { z: { q: deletion.seq, t: deletion.at, s: deletion.by } }),
    ...(Object.keys(reactions).length === 0 ? {} : { r: reactions }),
  };
}

export function fromStoredEntry(stored: StoredEntry & Pick<Key, 'sk'>): LogEntry {
  const seq = seqOf(stored);
  const { e: edit, z: deletion } = stored;
  return {
    seq,
    entryId: stored.i,
    kind: kindOfLetter(stored.k),
    senderId: stored.s,
    clientMessageId: stored.c,
    createdAt: stored.t,
    target: stored.g,
    deliversAgain: stored.w ?? false,
    digest: stored.d,
    content: stored.x,
    origin: stored.o,
    state: { count: stored.n, revision: stored.v ?? 0 },
    hash: stored.h,
    changes: {
      updatedSeq: stored.u ?? seq,
      ...(stored.y === undefined ? {} : { revision: stored.y }),
      ...(edit === undefined ? {} : { edit: { seq: edit.q, at: edit.t, content: edit.x } }),
      ...(stored.l === undefined ? {} : { edits: stored.l }),
      ...(deletion === undefined ? {} : { deletion: { seq: deletion.q, at: deletion.t, by: deletion.s } }),
      reactions: stored.r ?? {},
    },
    ...(stored.f === undefined ? {} : { isOfSupport: true }),
    ...(stored.p === undefined ? {} : { support: stored.p }),
  };
}
