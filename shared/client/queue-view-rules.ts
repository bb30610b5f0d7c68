import type { QueueQuery } from '../contract/conversations/queue-query.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';

/** Whether a list of the desk contains the conversation. Only the server compares words, so `q` is left out. */
export function isInQueue(conversation: Conversation, query: Omit<QueueQuery, 'q'>, ownUserId: string): boolean {
  const { kind, status = 'waiting', priority, teamId, assigneeId, tags = [], archived } = conversation;
  if (kind !== 'support' || archived === true) return false;
  const isOpen = status === 'waiting' || status === 'active';
  const wantsActive = query.view === 'mine' || query.assigneeId !== undefined;
  const agent = query.view === 'mine' ? ownUserId : query.assigneeId;
  return (
    (query.status === undefined ? isOpen : status === query.status) &&
    (query.view !== 'unassigned' || status === 'waiting') &&
    (!wantsActive || (status === 'active' && assigneeId === agent)) &&
    (query.priority === undefined || priority === query.priority) &&
    (query.tag === undefined || (isOpen && tags.includes(query.tag))) &&
    (query.teamId === undefined || teamId === query.teamId)
  );
}

/** Urgent ones first, then by the time when an answer is due, then by waiting time. */
export function compareInQueue(first: Conversation, second: Conversation): number {
  const [one, other] = [positionOf(first), positionOf(second)];
  const index = one.findIndex((part, at) => part !== other[at]);
  return index < 0 ? 0 : (one[index] ?? '') < (other[index] ?? '') ? -1 : 1;
}

/** After every time. */
const never = '~';

function positionOf({ id, priority, sla, waitingSince }: Conversation): readonly string[] {
  const dueAt = sla?.metric === 'resolution' ? undefined : sla?.dueAt;
  return [priority === 'urgent' ? '0' : '1', dueAt ?? waitingSince ?? never, waitingSince ?? never, id];
}

/**
 * The conversations that a list shows.
 *
 * @param listed ids that the server listed. Others appear if they belong before the last of these, or if `isComplete`.
 */
export function shownInQueue(
  known: readonly Conversation[],
  query: QueueQuery,
  ownUserId: string,
  { listed, isComplete }: { readonly listed: ReadonlySet<string>; readonly isComplete: boolean },
): readonly Conversation[] {
  const fitting = known.filter((conversation) => isInQueue(conversation, query, ownUserId)).sort(compareInQueue);
  if (query.q !== undefined) return fitting.filter(({ id }) => listed.has(id));
  if (isComplete) return fitting;
  const end = fitting.reduce((last, { id }, index) => (listed.has(id) ? index + 1 : last), 0);
  return fitting.slice(0, end);
}

export interface UrgentAlert {
  readonly conversationId: string;
  /** ISO 8601. */
  readonly raisedAt: string;
  readonly step?: number | undefined;
}

/** An alert stays until a person acknowledges, and no longer than its conversation is known to be open. */
export function isAlerting({ raisedAt }: UrgentAlert, conversation: Conversation | undefined): boolean {
  if (conversation === undefined) return true;
  const { urgency, status } = conversation;
  if (status === 'resolved' || status === 'closed') return false;
  return urgency === undefined || urgency.raisedAt < raisedAt || urgency.acknowledgedAt === undefined;
}
