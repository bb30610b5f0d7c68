import { priorities, type Priority, type SupportStatus } from '../../contract/schemas/support.ts';
import type { SupportState } from '../log/support-state.ts';

/** A conversation in one list of the desk. Lists are sorted by position. */
export interface QueuePlace {
  readonly queue: string;
  readonly position: string;
}

const digits = 13;
const latest = 10 ** digits - 1;

export const queues = {
  /** Conversations of a team, or those without a team. */
  ofTeam: (teamId: string | undefined, status: SupportStatus) => `S#${teamId ?? ''}#${status}`,
  ofAgent: (userId: string) => `A#${userId}`,
  ofTag: (tag: string) => `G#${tag}`,
} as const;

/** The lists that contain a conversation; none if it is archived. */
export function placesOf(conversationId: string, state: SupportState): readonly QueuePlace[] {
  if (state.archived === true) return [];
  const { status, teamId, assigneeId, tags } = state;
  const position = positionOf(conversationId, state);
  const isOpen = status === 'waiting' || status === 'active';
  return [
    { queue: queues.ofTeam(teamId, status), position },
    ...(status === 'active' && assigneeId !== undefined ? [{ queue: queues.ofAgent(assigneeId), position }] : []),
    ...(isOpen ? tags.map((tag) => ({ queue: queues.ofTag(tag), position })) : []),
  ];
}

/**
 * Open conversations are sorted by urgency, then by the time when an answer is due, then by waiting time. Others are
 * sorted by their end, the latest first.
 */
export function positionOf(conversationId: string, state: SupportState): string {
  const { status, priority, waitingSince, resolvedAt, closedAt, openedAt } = state;
  if (status === 'resolved' || status === 'closed') {
    return `${pad(latest - (closedAt ?? resolvedAt ?? openedAt))}#${conversationId}`;
  }
  const rank = priority === 'urgent' ? 0 : 1;
  return `${rank}#${pad(answerDueAt(state) ?? latest)}#${pad(waitingSince ?? latest)}#${conversationId}`;
}

/** When the next answer is due; undefined if the customer does not wait. */
function answerDueAt({ clocks, waitingSince }: SupportState): number | undefined {
  const due = [clocks['first-response'], clocks['next-response']].flatMap((clock) =>
    clock?.metAt === undefined && clock?.dueAt !== undefined ? [clock.dueAt] : [],
  );
  // A conversation whose clocks have stopped still waits for an agent.
  return due.length > 0 ? Math.min(...due) : waitingSince;
}

function pad(time: number): string {
  return String(Math.max(0, Math.floor(time))).padStart(digits, '0');
}

/** Counts change together with the conversations. Many simultaneous changes are spread over the shards. */
export const countShards = 8;

export function shardOf(conversationId: string): number {
  return (
    (conversationId.charCodeAt(conversationId.length - 1) + conversationId.charCodeAt(conversationId.length - 2)) %
    countShards
  );
}

export interface CountedAs {
  readonly teamId: string | undefined;
  readonly name: string;
}

/** The counter that includes a conversation; undefined if it is archived. */
export function countedAs(state: SupportState): CountedAs | undefined {
  const { teamId, status, priority } = state;
  return state.archived === true ? undefined : { teamId, name: countName(status, priority) };
}

export function countName(status: SupportStatus, priority: Priority): string {
  return `${status}:${priority}`;
}

/** The names of all counters. */
export const countNames = (['waiting', 'active', 'resolved', 'closed'] as const).flatMap((status) =>
  priorities.map((priority) => ({ status, priority, name: countName(status, priority) })),
);
