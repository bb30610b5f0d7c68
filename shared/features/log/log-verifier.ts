import { isDeepStrictEqual } from 'node:util';
import { withChange } from './change-rules.ts';
import { chainHash, chainStart } from './hash-chain.ts';
import { toStoredChanges } from './log-codec.ts';
import type { EntryContent } from './entry-kinds.ts';
import { digestOf, type LogOwner, openContent } from './log-content.ts';
import type { EntryChanges, LogEntry } from './log-entry.ts';

/**
 * - `gap`: an entry is missing or misplaced
 * - `time`, `count`: lower than in the entry before
 * - `hash`: this or an earlier entry was changed
 * - `content`: not the one that the chain covers
 * - `fold`: a message's stored changes differ from the log
 */
export type TamperReason = 'gap' | 'time' | 'count' | 'hash' | 'content' | 'fold';

export interface Tampering {
  readonly seq: number;
  readonly reason: TamperReason;
}

interface FoldedMessage {
  readonly expected: LogEntry;
  readonly stored: EntryChanges;
}

/** Add entries from first to last. Keeps about 200 bytes in memory for an unchanged message. */
export class LogVerifier {
  readonly #owner: LogOwner;
  readonly #messages = new Map<number, FoldedMessage>();
  readonly #hashes: Uint8Array[] = [];
  #previous: LogEntry | undefined;

  constructor(owner: LogOwner) {
    this.#owner = owner;
  }

  get length(): number {
    return this.#hashes.length;
  }

  /** Undefined if the log lacks the entry. */
  hashAfter(seq: number): Uint8Array | undefined {
    return this.#hashes[seq - 1];
  }

  /** After a tampering, no further entry can be verified. */
  add(entry: LogEntry): Tampering | undefined {
    const expectedSeq = this.length + 1;
    if (entry.seq !== expectedSeq) return { seq: expectedSeq, reason: 'gap' };
    const found = (reason: TamperReason): Tampering => ({ seq: entry.seq, reason });
    if (entry.createdAt < (this.#previous?.createdAt ?? 0)) return found('time');
    if (entry.state.count < (this.#previous?.state.count ?? 0)) return found('count');
    const before = this.#previous?.hash ?? chainStart(this.#owner.keys, this.#owner.conversationId);
    const hash = chainHash(this.#owner.keys, before, entry);
    if (!isSame(hash, entry.hash)) return found('hash');
    const content = this.#contentOf(entry);
    // Without its keys, a content can no longer be verified. The chain still covers its digest.
    if (content === undefined && this.#owner.isErased !== true) return found('content');
    if (!entry.kind.isShown && !isFoldedRight({ expected: asWritten(entry), stored: entry.changes }))
      return found('fold');
    this.#fold(entry, content);
    this.#hashes.push(hash);
    this.#previous = entry;
    return undefined;
  }

  /**
   * Returns messages whose stored changes differ from the log. If others write meanwhile, read them again before you
   * report tampering.
   */
  misfolded(): readonly number[] {
    if (this.#owner.isErased === true) return [];
    return [...this.#messages].filter(([, message]) => !isFoldedRight(message)).map(([seq]) => seq);
  }

  readAgain(entry: LogEntry): void {
    const message = this.#messages.get(entry.seq);
    if (message !== undefined) this.#messages.set(entry.seq, { ...message, stored: entry.changes });
  }

  /** Undefined if the content was changed or moved, or the chain does not cover it. */
  #contentOf(entry: LogEntry): EntryContent | undefined {
    if (this.#owner.isErased === true) return undefined;
    try {
      const content = openContent(this.#owner, entry);
      return isSame(digestOf(this.#owner.keys, content), entry.digest) ? content : undefined;
    } catch {
      return undefined;
    }
  }

  #fold(entry: LogEntry, content: EntryContent | undefined): void {
    if (entry.kind.isShown) {
      this.#messages.set(entry.seq, { expected: asWritten(entry), stored: entry.changes });
      return;
    }
    const message = this.#messages.get(entry.target ?? 0);
    if (message === undefined || content === undefined) return;
    const { expected } = message;
    this.#messages.set(expected.seq, { ...message, expected: withChange(expected, entry, content) });
  }
}

/** The log must be complete and have no writers. */
export function firstTampering(owner: LogOwner, entries: readonly LogEntry[]): Tampering | undefined {
  const verifier = new LogVerifier(owner);
  for (const entry of entries) {
    const tampering = verifier.add(entry);
    if (tampering !== undefined) return tampering;
  }
  const [seq] = verifier.misfolded();
  return seq === undefined ? undefined : { seq, reason: 'fold' };
}

const noBytes = new Uint8Array();

function asWritten(entry: LogEntry): LogEntry {
  return { ...entry, content: noBytes, changes: { updatedSeq: entry.seq, reactions: {} } };
}

function isFoldedRight({ expected, stored }: FoldedMessage): boolean {
  return isDeepStrictEqual(plain(expected.changes), plain(stored));
}

/** The table may return bytes as another type of array. */
function plain(changes: EntryChanges): unknown {
  const { e: edit, ...others } = toStoredChanges(changes);
  return edit === undefined ? others : { ...others, e: { ...edit, x: Buffer.from(edit.x).toString('base64') } };
}

function isSame(first: Uint8Array, second: Uint8Array): boolean {
  return Buffer.from(first).equals(second);
}
