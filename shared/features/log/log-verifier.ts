import { isDeepStrictEqual } from 'node:util';
import { withChange } from './change-rules.ts';
import { chainHash, chainStart } from './hash-chain.ts';
import { toStoredChanges } from './log-codec.ts';
import type { EntryContent } from './entry-kinds.ts';
import { digestOf, type LogOwner, openContent } from './log-content.ts';
import type { EntryChanges, LogEntry } from './log-entry.ts';

/**
 * How a log differs from the log that was written:
 * - `gap`: an entry is missing or in the wrong position
 * - `time`, `count`: an entry is older than the one before it, or counts fewer messages
 * - `hash`: an attribute of this entry, or of an earlier one, was changed
 * - `content`: the content cannot be decrypted for this entry, or is not the one that the chain covers
 * - `fold`: the stored changes of a message differ from its edits, deletions and reactions in the log
 */
export type TamperReason = 'gap' | 'time' | 'count' | 'hash' | 'content' | 'fold';

export interface Tampering {
  readonly seq: number;
  readonly reason: TamperReason;
}

/** A message with the changes that its log has, and with those that its item has. */
interface FoldedMessage {
  readonly expected: LogEntry;
  readonly stored: EntryChanges;
}

/**
 * Checks the entries of one log, from the first to the last, against all guarantees of the writers. Keeps the changes
 * of every message in memory: about 200 bytes for an unchanged message.
 */
export class LogVerifier {
  readonly #owner: LogOwner;
  readonly #messages = new Map<number, FoldedMessage>();
  readonly #hashes: Uint8Array[] = [];
  #previous: LogEntry | undefined;

  constructor(owner: LogOwner) {
    this.#owner = owner;
  }

  /** The number of entries that were added. */
  get length(): number {
    return this.#hashes.length;
  }

  /** The chain's hash after an entry, if the log has that entry. */
  hashAfter(seq: number): Uint8Array | undefined {
    return this.#hashes[seq - 1];
  }

  /** Adds the next entry. Returns its tampering, if any; after that, no further entry can be verified. */
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
    if (content === undefined) return found('content');
    // An entry that changes a message is never changed itself.
    if (!entry.kind.isShown && !isFoldedRight({ expected: asWritten(entry), stored: entry.changes }))
      return found('fold');
    this.#fold(entry, content);
    this.#hashes.push(hash);
    this.#previous = entry;
    return undefined;
  }

  /**
   * Returns the messages whose stored changes differ from those in the log. While others write, a message may have been
   * read before a change that was added here, or after one that was not added yet. Read such messages again before you
   * report tampering.
   */
  misfolded(): readonly number[] {
    return [...this.#messages].filter(([, message]) => !isFoldedRight(message)).map(([seq]) => seq);
  }

  /** Replaces the stored changes of a message that was read again. */
  readAgain(entry: LogEntry): void {
    const message = this.#messages.get(entry.seq);
    if (message !== undefined) this.#messages.set(entry.seq, { ...message, stored: entry.changes });
  }

  /** Returns undefined if the content was changed or moved, or is not the one that the chain covers. */
  #contentOf(entry: LogEntry): EntryContent | undefined {
    try {
      const content = openContent(this.#owner, entry);
      return isSame(digestOf(this.#owner.keys, content), entry.digest) ? content : undefined;
    } catch {
      return undefined;
    }
  }

  #fold(entry: LogEntry, content: EntryContent): void {
    if (entry.kind.isShown) {
      this.#messages.set(entry.seq, { expected: asWritten(entry), stored: entry.changes });
      return;
    }
    const message = this.#messages.get(entry.target ?? 0);
    if (message === undefined) return;
    const { expected } = message;
    this.#messages.set(expected.seq, { ...message, expected: withChange(expected, entry, content) });
  }
}

/** Returns the first tampering of a complete log. No one may write to the log meanwhile. */
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

/** An entry before any change, without its content. */
function asWritten(entry: LogEntry): LogEntry {
  return { ...entry, content: noBytes, changes: { updatedSeq: entry.seq, reactions: {} } };
}

function isFoldedRight({ expected, stored }: FoldedMessage): boolean {
  return isDeepStrictEqual(plain(expected.changes), plain(stored));
}

/** Normalises changes for comparison, because the table may return bytes as another type of array. */
function plain(changes: EntryChanges): unknown {
  const { e: edit, ...others } = toStoredChanges(changes);
  return edit === undefined ? others : { ...others, e: { ...edit, x: Buffer.from(edit.x).toString('base64') } };
}

function isSame(first: Uint8Array, second: Uint8Array): boolean {
  return Buffer.from(first).equals(second);
}
