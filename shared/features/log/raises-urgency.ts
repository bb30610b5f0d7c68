import type { LogEntry } from './log-entry.ts';

/** Whether the entry made its conversation urgent. Until a person acknowledges, no other entry does so again. */
export function raisesUrgency({ seq, support }: Pick<LogEntry, 'seq' | 'support'>): boolean {
  return support?.urgency?.seq === seq;
}
