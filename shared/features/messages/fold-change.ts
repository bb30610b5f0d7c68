import { present } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import { withChange } from '../log/change-rules.ts';
import { toStoredChanges } from '../log/log-codec.ts';
import type { EntryContent } from '../log/entry-kinds.ts';
import type { LogEntry } from '../log/log-entry.ts';

/** Read the message after the newest known entry: then any other change takes the entry's slot, and none is lost. */
export function foldChange(
  work: UnitOfWork,
  conversationId: string,
  message: LogEntry,
  entry: LogEntry,
  content: EntryContent,
): void {
  const stored = toStoredChanges(withChange(message, entry, content).changes);
  const assignments = Object.keys(stored).map((name) => `#${name} = :${name}`);
  const expression = `SET ${assignments.join(', ')}${'r' in stored ? '' : ' REMOVE #r'}`;
  work.update('message', keys.logEntry(conversationId, message.seq), { expression, values: { ...stored } }, present);
}
