import type { SlaMetric } from '../../contract/schemas/support.ts';
import type { NotificationKind } from '../../contract/schemas/notification.ts';

/** A change that users may want to know of. All ids are ids of users who may see the conversation. */
export type NotificationCause =
  | { readonly type: 'assigned'; readonly actorId?: string; readonly toId: string; readonly fromId?: string }
  | { readonly type: 'unassigned'; readonly actorId?: string; readonly fromId: string }
  | {
      readonly type: 'transferred';
      readonly actorId?: string;
      readonly fromId?: string;
      /** Absent for a transfer to a team. */
      readonly toId?: string;
      /** Available agents of the team, if no agent was chosen. */
      readonly teamAgentIds?: readonly string[];
    }
  | {
      readonly type: 'message';
      readonly senderId: string;
      readonly mentionedIds?: readonly string[];
      /** The agent who answers, in a support conversation. */
      readonly assigneeId?: string;
      /** The customer of a support conversation, unless a guest. */
      readonly customerId?: string;
    }
  | { readonly type: 'note'; readonly authorId: string; readonly mentionedIds: readonly string[] }
  | {
      readonly type: 'resolved' | 'closed';
      readonly actorId?: string;
      readonly assigneeId?: string;
      readonly customerId?: string;
    }
  | { readonly type: 'waiting'; readonly agentIds: readonly string[] }
  | {
      readonly type: 'urgent';
      readonly senderId?: string;
      readonly assigneeId?: string;
      /** Available agents who may take the conversation. */
      readonly agentIds: readonly string[];
    }
  | {
      readonly type: 'sla-warned' | 'sla-breached';
      readonly metric: SlaMetric;
      readonly assigneeId?: string;
      /** Receive it if the conversation has no agent, and always after a breach. */
      readonly agentIds: readonly string[];
    };

export interface Recipient {
  readonly userId: string;
  readonly kind: NotificationKind;
}

/** Each user once, with the first kind that applies. A user is never notified of an act of their own. */
export function recipientsOf(cause: NotificationCause): readonly Recipient[] {
  const kinds = new Map<string, NotificationKind>();
  const actorId = actorOf(cause);
  for (const { userId, kind } of candidatesOf(cause)) {
    if (userId !== undefined && userId !== actorId && !kinds.has(userId)) kinds.set(userId, kind);
  }
  return [...kinds].map(([userId, kind]) => ({ userId, kind }));
}

function actorOf(cause: NotificationCause): string | undefined {
  if (cause.type === 'message' || cause.type === 'urgent') return cause.senderId;
  if (cause.type === 'note') return cause.authorId;
  return 'actorId' in cause ? cause.actorId : undefined;
}

interface Candidate {
  readonly userId: string | undefined;
  readonly kind: NotificationKind;
}

function candidatesOf(cause: NotificationCause): readonly Candidate[] {
  switch (cause.type) {
    case 'assigned':
      return [...as('assigned', [cause.toId]), ...as('unassigned', [cause.fromId])];
    case 'unassigned':
      return as('unassigned', [cause.fromId]);
    case 'transferred':
      return [
        ...as('transferred', [cause.toId, cause.fromId]),
        ...as('queue', cause.toId === undefined ? (cause.teamAgentIds ?? []) : []),
      ];
    case 'message':
      return [...as('mention', cause.mentionedIds ?? []), ...as('new-message', [cause.assigneeId, cause.customerId])];
    case 'note':
      return as('mention', cause.mentionedIds);
    case 'resolved':
    case 'closed':
      return as(cause.type, [cause.assigneeId, cause.customerId]);
    case 'waiting':
      return as('queue', cause.agentIds);
    case 'urgent':
      return as('urgent', [cause.assigneeId, ...cause.agentIds]);
    case 'sla-warned':
      return as('sla-warning', cause.assigneeId === undefined ? cause.agentIds : [cause.assigneeId]);
    case 'sla-breached':
      return as('sla-breach', [cause.assigneeId, ...cause.agentIds]);
  }
}

function as(kind: NotificationKind, userIds: readonly (string | undefined)[]): readonly Candidate[] {
  return userIds.map((userId) => ({ userId, kind }));
}
