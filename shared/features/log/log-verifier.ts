import { isDeepStrictEqual } from 'node:util';
import { withChange } from './change-rules.ts';
import { chainHash, chainStart } from './hash-chain.ts';
import { toStoredChanges } from './log-codec.ts';
import type { EntryContent } from './entry-kinds.ts';
import { digestOf, type LogOwner, openContent } from './log-content.ts';
import type { EntryChanges, LogEntry } from './log-entry.ts';

/**
 * Why a log is not what was written:
 * - `gap`: an entry is missing, or out of its place
 * - `time`, `count`: an entry is older than the one before it, or counts fewer messages
 * - `hash`: a fact of the entry, or of any entry before it, was changed
 * - `content`: the content does not decrypt at this place, or is not the one that the chain covers
 * - `fold`: what readers see of a message is not what its edits, deletions and reactions made of it
 */
export type TamperReason = 'gap' | 'time' | 'count' | 'hash' | 'content' | 'fold';

export interface Tampering {
  readonly seq: number;
  readonly reason: TamperReason;
}

/** A message as its log says it must be, and as it is stored. */
interface FoldedMessage {
  readonly expected: LogEntry;
  readonly stored: EntryChanges;
}

/**
 * Checks the entries of one log, from the first to the last, against everything that the writers guarantee. Keeps the
 * changes of every message in memory: about 200 bytes for one that was never changed.
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

  /** Adds the next entry. Returns what is wrong with it; after that, nothing more can be verified. */
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
    // Nothing changes an entry that itself changes a message.
    if (!entry.kind.isShown && !isFoldedRight({ expected: asWritten(entry), stored: entry.changes }))
      return found('fold');
    this.#fold(entry, content);
    this.#hashes.push(hash);
    this.#previous = entry;
    return undefined;
  }

  /**
   * Messages whose stored changes differ from what the log makes of them. While others write, a message can have been
   * read before a change that the log contains, or after one that it does not contain yet: read it again before judging.
   */
  misfolded(): readonly number[] {
    return [...this.#messages].filter(([, message]) => !isFoldedRight(message)).map(([seq]) => seq);
  }

  /** Replaces the stored changes of a message that was read again. */
  readAgain(entry: LogEntry): void {
    const message = this.#messages.get(entry.seq);
    if (message !== undefined) this.#messages.set(entry.seq, { ...message, stored: entry.changes });
  }

  /** Undefined if the content was changed, moved, or is not the one that the chain covers. */
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

/** The first thing wrong with a whole log that no one is writing to. */
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

/** Changes in one form, whatever kind of array the table returned. */
function plain(changes: EntryChanges): unknown {
  const { e: edit, ...others } = toStoredChanges(changes);
  return edit === undefined ? others : { ...others, e: { ...edit, x: Buffer.from(edit.x).toString('base64') } };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other);
}
