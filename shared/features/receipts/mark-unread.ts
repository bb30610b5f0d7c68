import { longestMark } from '../../contract/schemas/receipt.ts';
import { isVisible } from '../log/access.ts';
import type { ConversationWithNewest } from '../log/load-conversation.ts';
import { readForward } from '../log/log-store.ts';
import { marked, type Progress } from '../log/receipt-rules.ts';

const scanPage = 500;

/**
 * Returns the change by an unread mark. Takes up to 20 calls if the mark reaches far back. Changes nothing if another
 * device has meanwhile read newer entries.
 */
export async function markFrom(
  from: number,
  userId: string,
  conversation: ConversationWithNewest,
): Promise<(progress: Progress) => Progress> {
  const { access, entries } = conversation;
  const end = entries.at(-1)?.seq ?? 0;
  const first = Math.max(from, access.visibleFrom, end - longestMark + 1);
  const others: number[] = [];
  for (let after = first - 1; after < end;) {
    const loaded = entries.filter((entry) => entry.seq > after);
    const page = loaded[0]?.seq === after + 1 ? loaded : await readForward(conversation, after, scanPage);
    if (page.length === 0) break;
    for (const entry of page) {
      const { seq, kind, senderId } = entry;
      if (kind.countsAsUnread && senderId !== userId && isVisible(entry, access)) others.push(seq);
      after = seq;
    }
  }
  return (progress) => {
    if (progress.readSeq > end) return progress;
    const upTo = Math.max(progress.readSeq, access.joined.seq);
    return marked(progress, others.filter((seq) => seq <= upTo).length, access.joined.count);
  };
}
