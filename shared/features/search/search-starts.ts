import { conversationNotFound } from '../../contract/problems.ts';
import { readSummaries } from '../log/conversation-parts.ts';
import { membershipsOf } from '../conversations/list-conversations.ts';
import { loadAccess } from '../log/load-conversation.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { latest, type Position, startOf } from './merge-rules.ts';

/** Times are in ISO 8601. */
export interface SearchRange {
  readonly conversationId?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** Those with the newest activity. Others can only be searched one at a time. */
const mostConversations = 1000;

/**
 * Returns the start positions. Leaves out messages newer than their conversation's summary, so that pages keep their
 * order.
 */
export async function startsOf(
  principal: Principal,
  query: SearchRange,
  cursor: Position | undefined,
): Promise<readonly Position[] | Refusal<typeof conversationNotFound>> {
  const { scope } = principal;
  const { conversationId, before } = query;
  const newest = before === undefined ? latest : inRange(Date.parse(before) - 1);
  if (conversationId !== undefined) {
    const access = await loadAccess(principal, conversationId);
    return access === undefined ? refuse(conversationNotFound) : [startOf(conversationId, newest, cursor)];
  }
  const memberships = await membershipsOf(principal);
  const summaries = await readSummaries(
    scope,
    memberships.map(({ conversationId: id }) => id),
  );
  return [...summaries]
    .sort((first, second) => second.activityAt - first.activityAt)
    .slice(0, mostConversations)
    .map((summary) => startOf(summary.conversationId, Math.min(newest, summary.activityAt), cursor))
    .filter(({ at }) => at >= sinceOf(query));
}

export function sinceOf({ after }: SearchRange): number {
  return after === undefined ? 0 : inRange(Date.parse(after));
}

function inRange(time: number): number {
  return Math.min(latest, Math.max(0, time));
}
