import { firstVisible } from './conversation-item.ts';
import type { LogEntry } from './log-entry.ts';
import type { ReadableConversation } from './open-conversation.ts';

/** A message or system message by its number, if there is one that the reader may see. */
export async function readVisibleEntry(
  { item, member, store }: ReadableConversation,
  seq: number,
): Promise<LogEntry | undefined> {
  if (seq < firstVisible(item, member)) return undefined;
  const entry = await store.readEntry(seq);
  return entry?.kind.isShown === true ? entry : undefined;
}
