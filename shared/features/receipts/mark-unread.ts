import { longestMark } from '../../contract/schemas/receipt.ts';
import { firstVisible } from '../log/conversation-item.ts';
import type { CurrentConversation } from '../log/open-conversation.ts';
import { marked, type Progress } from '../log/receipt-rules.ts';

const scanPage = 500;

/**
 * What a mark as unread makes of the user's progress: counts the messages of others from a number on, in up to 20 calls
 * for a mark that reaches far back. Of what another device has read meanwhile beyond them, it marks nothing.
 */
export async function markFrom(
  from: number,
  userId: string,
  { item, member, store, entries }: CurrentConversation,
): Promise<(progress: Progress) => Progress> {
  const end = entries.at(-1)?.seq ?? 0;
  const first = Math.max(from, firstVisible(item, member), end - longestMark + 1);
  const others: number[] = [];
  for (let after = first - 1; after < end;) {
    const known = entries.filter((entry) => entry.seq > after);
    const page = known[0]?.seq === after + 1 ? known : await store.readForward(after, scanPage);
    if (page.length === 0) break;
    for (const { seq, kind, senderId } of page) {
      if (kind.countsAsUnread && senderId !== userId) others.push(seq);
      after = seq;
    }
  }
  return (progress) => {
    if (progress.readSeq > end) return progress;
    const upTo = Math.max(progress.readSeq, member.q);
    return marked(progress, others.filter((seq) => seq <= upTo).length, member.n);
  };
}
