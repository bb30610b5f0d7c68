import { isVisible } from './access.ts';
import type { ReadableConversation } from './load-conversation.ts';
import type { LogEntry } from './log-entry.ts';
import { readEntry } from './log-store.ts';

/** A message or system message by its number, if there is one that the reader may see. */
export async function readVisibleEntry(conversation: ReadableConversation, seq: number): Promise<LogEntry | undefined> {
  const { access } = conversation;
  if (seq < access.visibleFrom) return undefined;
  const entry = await readEntry(conversation, seq);
  return entry?.kind.isShown === true && isVisible(entry, access) ? entry : undefined;
}
