import type { Conversation } from '../../contract/schemas/conversation.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { logSortKey } from '../../core/table/keys.ts';
import { accessTo, isVisible, type Reader } from '../log/access.ts';
import { type ConversationItem, participantIdsOf, participantOf } from '../log/conversation-item.ts';
import type { LogOwner } from '../log/log-content.ts';
import type { ConversationParts } from '../log/conversation-parts.ts';
import { openName } from './group-name.ts';
import { supportOf } from './support-view.ts';
import { shownIn } from '../log/conversation-summary.ts';
import { fromStoredEntry } from '../log/log-codec.ts';
import { messageOf } from '../timeline/message-view.ts';
import { progressOf, type ReadingProgress } from '../log/progress-store.ts';
import { unreadOf, wrote } from '../log/receipt-rules.ts';
import { statusOf } from '../timeline/status-rules.ts';

/**
 * As one participant sees it. The author of the newest message has read everything before, even if the watermark is
 * older.
 */
export function conversationOf(
  owner: LogOwner,
  viewer: Reader,
  { id, item, summary, progress }: ConversationParts,
): Conversation {
  const { keys, scope } = owner;
  const access = accessTo(item, viewer);
  const shown = shownIn(summary, access?.audiences ?? ['everyone']);
  const last = shown.last && fromStoredEntry({ ...shown.last, sk: logSortKey(shown.seq) });
  const isShown = last !== undefined && access !== undefined && isVisible(last, access);
  const byUser = new Map(progress.map((own) => [own.userId, own]));
  const stored = progressOf(byUser.get(viewer.userId));
  const hasLast = last?.kind.countsAsUnread === true && last.senderId === viewer.userId;
  const own = hasLast ? wrote(stored, { seq: last.seq, count: last.state.count }) : stored;
  const name = item.kind === 'group' ? openName(keys, scope, id, item) : undefined;
  return {
    id,
    kind: item.kind,
    ...(name === undefined ? {} : { name }),
    ...(item.kind === 'group' ? { history: item.history } : {}),
    ...(item.kind === 'support' ? supportOf(owner, item, access?.audiences ?? ['everyone']) : {}),
    participants: shownIdsOf(item, progress).map((userId) => {
      const { deliveredSeq, readSeq } = progressOf(byUser.get(userId));
      return { userId, role: participantOf(item, userId)?.role ?? othersRole(item), deliveredSeq, readSeq };
    }),
    lastSeq: summary.lastSeq,
    ...(isShown ? { lastMessage: messageOf(owner, last, statusOf(item, last, progress), access) } : {}),
    unreadCount: unreadOf(own, summary.count, access?.joined.count ?? 0),
    createdAt: toTimestamp(item.createdAt),
    updatedAt: toTimestamp(shown.activityAt),
  };
}

/** The participants of a support conversation are its customers, and the agents who have read it. */
function shownIdsOf(
  item: ConversationItem,
  progress: readonly Pick<ReadingProgress, 'userId' | 'deliveredSeq' | 'readSeq'>[],
): readonly string[] {
  const participants = participantIdsOf(item);
  if (item.kind !== 'support') return participants;
  const readers = progress.filter(({ deliveredSeq, readSeq }) => deliveredSeq > 0 || readSeq > 0);
  return [...new Set([...participants, ...readers.map(({ userId }) => userId).sort()])];
}

function othersRole({ kind }: ConversationItem): 'agent' | 'member' {
  return kind === 'support' ? 'agent' : 'member';
}
