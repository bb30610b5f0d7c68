import { isVisible } from './access.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { loadForEntries, type ReadableConversation } from './load-conversation.ts';
import type { LogEntry } from './log-entry.ts';
import { readEntry } from './log-store.ts';

/** Undefined if the message does not exist or the reader may not see it. */
export async function readVisibleEntry(
  principal: Principal,
  conversation: ReadableConversation,
  seq: number,
): Promise<LogEntry | undefined> {
  if (seq < conversation.access.visibleFrom) return undefined;
  const entry = await readEntry(conversation, seq);
  if (entry?.kind.isShown !== true) return undefined;
  const current = await loadForEntries(principal, conversation, [entry]);
  return current !== undefined && isVisible(entry, current.access) ? entry : undefined;
}
