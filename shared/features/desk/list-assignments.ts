import type { assignment, listAssignments as listAssignmentsRoute } from '../../contract/desk/assignment.ts';
import { notASupportConversation } from '../../contract/desk/problems.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import type * as z from 'zod/mini';
import { refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type { UseCase } from '../../core/use-case.ts';
import type { SystemContent } from '../log/entry-kinds.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { type LogOwner, openContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readEntries } from '../log/log-store.ts';

type Assignment = z.infer<typeof assignment>;

/** Newest first. The reasons of a wiped conversation are gone. */
export const listAssignments: UseCase<typeof listAssignmentsRoute> = async (principal, { conversationId }) => {
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { item, access } = conversation;
  if (item.kind !== 'support') return refuse(notASupportConversation);
  if (!access.audiences.includes('agents')) return refuse(conversationNotFound);
  const owner = await ownerOf(conversation);
  const entries = await readEntries(conversation, item.assignments);
  const items = [...entries].sort((first, second) => second.seq - first.seq).map((entry) => assignmentOf(owner, entry));
  return { items, nextCursor: null };
};

function assignmentOf(owner: LogOwner, { support, ...entry }: LogEntry): Assignment {
  const { decision } = owner.isErased === true ? {} : (openContent(owner, entry) as SystemContent);
  return {
    seq: entry.seq,
    at: toTimestamp(entry.createdAt),
    byId: entry.senderId,
    ...(support?.assigneeId === undefined ? {} : { assigneeId: support.assigneeId }),
    ...(support?.teamId === undefined ? {} : { teamId: support.teamId }),
    rule: decision?.rule ?? 'unknown',
    ...(decision?.forced === undefined ? {} : { forced: true }),
    considered: [...(decision?.considered ?? [])],
  };
}
