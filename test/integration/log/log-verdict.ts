import { type ChainVerdict, ChainVerifier } from '../../../shared/conversations/log/hash-chain.ts';
import type { LogEntry } from '../../../shared/conversations/log/log-entry.ts';

/** Whether a whole log is what was written. */
export function verdictOf(conversationId: string, entries: readonly LogEntry[]): ChainVerdict {
  const verifier = new ChainVerifier(conversationId);
  for (const entry of entries) {
    const broken = verifier.add(entry);
    if (broken !== undefined) return broken;
  }
  return verifier.end();
}
