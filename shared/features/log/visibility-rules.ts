import type { Audience, LogEntry } from './log-entry.ts';

/** The part of a log that a reader may see. */
export interface Visibility {
  /** Number of the first visible entry. */
  readonly visibleFrom: number;
  readonly audiences: readonly Audience[];
}

/**
 * Whether a reader may see an entry. A change of a message that the reader may not see is not visible either.
 * @param changed - the message that the entry changes, if it changes one.
 */
export function isVisible(
  entry: Pick<LogEntry, 'seq' | 'kind' | 'target'>,
  { visibleFrom, audiences }: Visibility,
  changed?: Pick<LogEntry, 'kind'>,
): boolean {
  return (
    entry.seq >= visibleFrom &&
    (entry.target ?? visibleFrom) >= visibleFrom &&
    [entry, changed].every((part) => part === undefined || audiences.includes(part.kind.audience))
  );
}
