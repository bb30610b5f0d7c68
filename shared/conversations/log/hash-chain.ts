import { createHash } from 'node:crypto';
import type { LogEntry } from './log-entry.ts';

/** Before the first entry. The conversation's id takes part, so that a log cannot be passed off as another's. */
export function chainStart(conversationId: string): Uint8Array {
  return createHash('sha256').update(`switchboard/log/v1/${conversationId}`).digest();
}

/**
 * Links an entry to all before it: SHA-256 over the previous hash and everything that must not change. The content takes
 * part by its keyed digest, so the chain stays verifiable when a content is erased. What later entries made of a message
 * takes part with those entries.
 */
export function chainHash(
  previous: Uint8Array,
  entry: Omit<LogEntry, 'hash' | 'content' | 'entryId' | 'origin' | 'changes'>,
): Uint8Array {
  const { seq, kind, senderId, clientMessageId, createdAt, target, urgent, state } = entry;
  const facts = [seq, kind, senderId, clientMessageId, createdAt, target ?? 0, urgent, state.count, state.revision];
  return createHash('sha256').update(previous).update(entry.digest).update(JSON.stringify(facts)).digest();
}

export type ChainVerdict =
  | { readonly intact: true; readonly entries: number }
  /** The first place where the log is not what was written. */
  | { readonly intact: false; readonly seq: number; readonly reason: 'gap' | 'hash' | 'time' | 'count' };

/** Walks a log from its start and tells the first place that was tampered with. */
export class ChainVerifier {
  #hash: Uint8Array;
  #previous: LogEntry | undefined;

  constructor(conversationId: string) {
    this.#hash = chainStart(conversationId);
  }

  /** @returns a verdict as soon as something is wrong. */
  add(entry: LogEntry): ChainVerdict | undefined {
    const expected = (this.#previous?.seq ?? 0) + 1;
    if (entry.seq !== expected) return { intact: false, seq: expected, reason: 'gap' };
    if (entry.createdAt < (this.#previous?.createdAt ?? 0)) return { intact: false, seq: entry.seq, reason: 'time' };
    if (entry.state.count < (this.#previous?.state.count ?? 0))
      return { intact: false, seq: entry.seq, reason: 'count' };
    this.#hash = chainHash(this.#hash, entry);
    if (!Buffer.from(this.#hash).equals(entry.hash)) return { intact: false, seq: entry.seq, reason: 'hash' };
    this.#previous = entry;
    return undefined;
  }

  end(): ChainVerdict {
    return { intact: true, entries: this.#previous?.seq ?? 0 };
  }
}
