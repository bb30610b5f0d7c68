import { keys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import { absent } from '../../core/table/expression.ts';
import { narrowsAccess, type Placement } from '../log/access.ts';
import { toStoredConversation } from '../log/conversation-codec.ts';
import type { SupportConversation } from '../log/conversation-item.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { SupportState } from '../log/support-state.ts';
import { countedAs, type CountedAs, placesOf, type QueuePlace, shardOf } from './queue-rules.ts';

/** A support conversation in a list of the desk, with the members that lists filter by. */
export interface QueueItem extends Pick<
  SupportState,
  'status' | 'priority' | 'teamId' | 'assigneeId' | 'tags' | 'customerId' | 'language' | 'skills'
> {
  readonly conversationId: string;
}

export interface DeskWrite {
  readonly conversationId: string;
  /** Absent for a new conversation. */
  readonly before: SupportConversation | undefined;
  readonly next: SupportConversation;
  readonly entry: LogEntry;
  /** An admin may assign more conversations to an agent than the agent's limit. */
  readonly force?: boolean;
}

/** The label of the write that fails if the agent has no capacity or is not available. */
export const gainedLoad = 'gained load';

/** Agents who catch up after this time load their lists again. */
const changeLifeSeconds = 3 * 24 * 60 * 60;

/** Adds everything that changes together with a support conversation to the transaction of its entry. */
export function addDeskWrites(work: UnitOfWork, write: DeskWrite): void {
  const { conversationId, before, next, entry } = write;
  work.put(
    'conversation',
    keys.conversation(conversationId),
    toStoredConversation(next),
    before === undefined ? absent : { expression: '#revision = :before', values: { before: before.revision } },
  );
  moveInQueues(work, conversationId, before?.support, next.support);
  moveCount(work, conversationId, before?.support, next.support);
  moveLoad(work, write);
  const at = entry.createdAt;
  work.put('change', keys.deskChange(dayOf(at), at, conversationId), {
    conversationId,
    at,
    ...(before !== undefined && narrowsAccess(before.support, next.support) ? { from: placementOf(before) } : {}),
    expiresAt: Math.floor(at / 1000) + changeLifeSeconds,
  });
}

/** Agents who had access there, and have none any more, receive the removal when they catch up. */
function placementOf({ support: { teamId, assigneeId } }: SupportConversation): Placement {
  return { ...(teamId === undefined ? {} : { teamId }), ...(assigneeId === undefined ? {} : { assigneeId }) };
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function moveInQueues(
  work: UnitOfWork,
  conversationId: string,
  before: SupportState | undefined,
  next: SupportState,
): void {
  const keyOf = ({ queue, position }: QueuePlace) => keys.queue(queue, position);
  const nameOf = ({ queue, position }: QueuePlace) => `${queue} ${position}`;
  const places = placesOf(conversationId, next);
  const names = new Set(places.map(nameOf));
  for (const place of before === undefined ? [] : placesOf(conversationId, before)) {
    if (!names.has(nameOf(place))) work.delete(`left ${nameOf(place)}`, keyOf(place));
  }
  const item = queueItemOf(conversationId, next);
  for (const place of places) work.put(`in ${nameOf(place)}`, keyOf(place), item);
}

function queueItemOf(conversationId: string, state: SupportState): QueueItem {
  const { status, priority, teamId, assigneeId, tags, customerId, language, skills } = state;
  return {
    conversationId,
    status,
    priority,
    customerId,
    tags,
    ...(teamId === undefined ? {} : { teamId }),
    ...(assigneeId === undefined ? {} : { assigneeId }),
    ...(language === undefined ? {} : { language }),
    ...(skills === undefined ? {} : { skills }),
  };
}

function moveCount(
  work: UnitOfWork,
  conversationId: string,
  before: SupportState | undefined,
  next: SupportState,
): void {
  const [old, current] = [before && countedAs(before), countedAs(next)];
  if (old?.teamId === current?.teamId && old?.name === current?.name) return;
  const add = (counted: CountedAs, change: number) => {
    const key = keys.queueCounts(counted.teamId, shardOf(conversationId));
    work.update(`count ${key.pk} ${counted.name}`, key, {
      expression: 'ADD #counter :change',
      names: { counter: counted.name },
      values: { change },
    });
  };
  if (old !== undefined && current !== undefined && old.teamId === current.teamId) {
    work.update('counts', keys.queueCounts(current.teamId, shardOf(conversationId)), {
      expression: 'ADD #old :less, #current :more',
      names: { old: old.name, current: current.name },
      values: { less: -1, more: 1 },
    });
    return;
  }
  if (old !== undefined) add(old, -1);
  if (current !== undefined) add(current, 1);
}

/** The load of an agent is the number of its active conversations. */
function moveLoad(work: UnitOfWork, { before, next, entry, force }: DeskWrite): void {
  const [loser, gainer] = [before && loadedAgent(before.support), loadedAgent(next.support)];
  if (loser === gainer) return;
  const at = entry.createdAt;
  if (loser !== undefined) {
    // The freed capacity wakes the agent, who gets the next conversation of the queue.
    work.update('lost load', keys.agent(loser), {
      expression: 'SET #load = #load - :one, #wakeAt = :at',
      values: { one: 1, at },
    });
  }
  if (gainer !== undefined) {
    work.update(
      gainedLoad,
      keys.agent(gainer),
      { expression: 'SET #load = #load + :one, #idleSince = :at', values: { one: 1, at } },
      {
        expression: force === true ? '#canAct = :yes' : '#canAct = :yes AND #load < #maxConcurrent',
        values: { yes: true },
      },
    );
  }
}

function loadedAgent({ status, assigneeId }: SupportState): string | undefined {
  return status === 'active' ? assigneeId : undefined;
}
