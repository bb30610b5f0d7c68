import { systemUserId } from '../../../contract/schemas/ids.ts';
import type { AlertedGroup } from '../../../contract/schemas/support.ts';
import type { Notification } from '../../../contract/schemas/notification.ts';
import { toTimestamp } from '../../../core/runtime/clock.ts';
import { isParticipant, type SupportConversation } from '../../log/conversation-item.ts';
import type { FormResponseContent, MessageContent, NoteContent, SystemContent } from '../../log/entry-kinds.ts';
import type { LogEntry } from '../../log/log-entry.ts';
import { raisesUrgency } from '../../log/raises-urgency.ts';
import type { NotificationCause } from '../../notifications/recipients-rules.ts';
import { isInGroups } from '../urgency/alerted-rules.ts';

/** An agent with access to the conversation. */
export interface ReachableAgent {
  readonly userId: string;
  readonly role: 'agent' | 'admin';
  readonly teams: readonly string[];
  /** Online or busy, and not away. */
  readonly isAvailable: boolean;
}

export interface DeskFacts {
  readonly entry: LogEntry;
  /** Absent after the content was deleted. */
  readonly content?: MessageContent | FormResponseContent | NoteContent | SystemContent | undefined;
  /** The conversation as it is now. */
  readonly item: SupportConversation;
  readonly agents: readonly ReachableAgent[];
  /** The users on call. */
  readonly onCallIds: readonly string[];
  /** The service is about to assign the conversation if it waits. */
  readonly hasAgentToAssign: boolean;
  /** The customer of the conversation, unless a guest. */
  readonly customerId?: string | undefined;
}

export interface DeskCause {
  readonly cause: NotificationCause;
  readonly data?: Notification['data'];
}

/** The causes of notifications in a message. The event `urgent.raised` covers one that makes a conversation urgent. */
export function causesOfMessage(facts: DeskFacts): readonly DeskCause[] {
  const { entry, content, item, customerId } = facts;
  // The customer has just asked for the form with which a conversation opens.
  if (content === undefined || content.type === 'system' || entry.senderId === systemUserId) return [];
  const { senderId } = entry;
  const { assigneeId } = item.support;
  const mentionedIds = content.type === 'form-response' ? [] : (content.mentions ?? []);
  if (content.type === 'note') return [{ cause: { type: 'note', authorId: senderId, mentionedIds } }];
  const isOfCustomer = isParticipant(item, senderId);
  const addressee = isOfCustomer ? { assigneeId } : { customerId };
  const isUrgent = isOfCustomer && raisesUrgency(entry);
  return [
    { cause: { type: 'message', senderId, mentionedIds, ...(isUrgent ? {} : defined(addressee)) } },
    ...(isUrgent ? [] : causesOfWaiting(facts)),
  ];
}

/** The causes in an opening, a resolution, a closing or a reopening. */
export function causesOfStatus(facts: DeskFacts): readonly DeskCause[] {
  const { entry, customerId } = facts;
  const { status, assigneeId } = entry.support ?? {};
  if (status === 'resolved' || status === 'closed') {
    return [{ cause: { type: status, ...actorOf(entry), ...defined({ assigneeId, customerId }) } }];
  }
  return raisesUrgency(entry) ? [] : causesOfWaiting(facts);
}

/** The causes in an assignment, the end of one, or a transfer. */
export function causesOfAssignment(facts: DeskFacts): readonly DeskCause[] {
  const { entry, content, item, agents, hasAgentToAssign } = facts;
  if (content?.type !== 'system') return [];
  const { assigneeId: toId, teamId } = entry.support ?? {};
  const fromId = content.decision?.fromId;
  const data = defined({ fromId, toId, teamId });
  const actor = actorOf(entry);
  switch (content.system.kind) {
    case 'assigned':
      return toId === undefined ? [] : [{ cause: { type: 'assigned', ...actor, toId, ...defined({ fromId }) }, data }];
    case 'unassigned':
      return [
        ...(fromId === undefined ? [] : [{ cause: { type: 'unassigned', ...actor, fromId } as const, data }]),
        ...causesOfWaiting(facts),
      ];
    case 'transferred': {
      const inTeam = agents.filter(({ teams }) => teamId !== undefined && teams.includes(teamId));
      const waits = toId === undefined && stillWaits(item) && !hasAgentToAssign;
      const teamAgentIds = waits ? idsOf(inTeam, isAvailable) : [];
      return [{ cause: { type: 'transferred', ...actor, ...defined({ fromId, toId }), teamAgentIds }, data }];
    }
    default:
      return [];
  }
}

export interface UrgencyStep {
  /** Number of the entry that made the conversation urgent. */
  readonly urgentSeq: number;
  readonly step: number;
  readonly groups: readonly AlertedGroup[];
}

/**
 * An entry that makes a conversation urgent alerts the available agents, and the people on call if the first step names
 * them. The steps that follow alert their groups.
 */
export function causesOfUrgency(
  { entry, item, agents, onCallIds }: DeskFacts,
  { urgentSeq, step, groups }: UrgencyStep,
): readonly DeskCause[] {
  const { urgency, teamId, assigneeId } = item.support;
  const isOver = urgency === undefined || urgency.seq !== urgentSeq || urgency.acknowledgedAt !== undefined;
  if (isOver) return [];
  const isFirst = raisesUrgency(entry);
  const alerted = isFirst ? groups.filter((group) => group === 'on-call') : groups;
  const agentIds = idsOf(
    agents,
    (agent) => (isFirst && isAvailable(agent)) || isInGroups(agent, { teamId, onCallIds }, alerted),
  );
  return [
    {
      cause: { type: 'urgent', ...defined({ senderId: actorOf(entry).actorId, assigneeId }), agentIds },
      data: { step, ...defined({ teamId }) },
    },
  ];
}

/** The causes in a warning or a breach of a service-level clock. */
export function causesOfSla({ entry, content, item, agents }: DeskFacts): readonly DeskCause[] {
  if (content?.type !== 'system' || content.system.metric === undefined) return [];
  const { kind, metric } = content.system;
  const sla = entry.support?.sla;
  const type = kind === 'sla-breach' ? 'sla-breached' : 'sla-warned';
  const { assigneeId } = item.support;
  return [
    {
      cause: { type, metric, ...defined({ assigneeId }), agentIds: idsOf(agents, isAvailable) },
      data: { metric, ...(sla?.metric === metric ? defined({ dueAt: sla.dueAt }) : {}) },
    },
  ];
}

/** If the conversation began to wait, and no agent has got it since or is about to. */
function causesOfWaiting({ entry, item, agents, hasAgentToAssign }: DeskFacts): readonly DeskCause[] {
  const { status, waitingSince, teamId } = entry.support ?? {};
  // A message in a conversation that waits already keeps the time.
  const begins = !entry.kind.isMessage || waitingSince === toTimestamp(entry.createdAt);
  if (status !== 'waiting' || !begins || !stillWaits(item) || hasAgentToAssign) return [];
  return [{ cause: { type: 'waiting', agentIds: idsOf(agents, isAvailable) }, data: defined({ teamId }) }];
}

function stillWaits({ support }: SupportConversation): boolean {
  return support.status === 'waiting';
}

function isAvailable(agent: ReachableAgent): boolean {
  return agent.isAvailable;
}

function idsOf(agents: readonly ReachableAgent[], isMeant: (agent: ReachableAgent) => boolean): readonly string[] {
  return agents.filter(isMeant).map(({ userId }) => userId);
}

/** Absent for entries that the service writes by itself. */
function actorOf({ senderId }: LogEntry): { readonly actorId?: string } {
  return senderId === systemUserId ? {} : { actorId: senderId };
}

type Defined<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

function defined<Members extends object>(members: Members): Defined<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<Members>;
}
