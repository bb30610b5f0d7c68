import type { Conversation } from '../contract/schemas/conversation.ts';
import type { SupportStateView } from '../contract/schemas/support.ts';
import type { Watermarks } from './message-status-rules.ts';

/** After the entry `seq`. */
export interface NumberedState {
  readonly seq: number;
  readonly state: SupportStateView;
}

/** The state replaces all members that it can have. */
export function withState(base: Conversation, support: NumberedState | undefined): Conversation {
  if (support === undefined) return base;
  const { state } = support;
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !stateMembers.has(name))) as Conversation;
  const { subject: _, description: __, metadata: ___, ...withoutTexts } = kept;
  return { ...(state.wiped === true ? withoutTexts : kept), ...state };
}

const stateMembers = new Set<string>([
  ...(['status', 'priority', 'assigneeId', 'assigneeName', 'teamId', 'tags', 'urgency', 'sla'] as const),
  ...(['waitingSince', 'archived', 'wiped'] as const),
] satisfies readonly (keyof SupportStateView)[]);

/** In a support conversation, these are also the agents who have received or written a message. */
export function peopleOf(
  { kind, participants }: Conversation,
  watermarks: Readonly<Record<string, Watermarks>>,
): Conversation['participants'] {
  if (kind !== 'support') return participants;
  const present = new Set(participants.map(({ userId }) => userId));
  const agents = Object.entries(watermarks).flatMap(([userId, { deliveredSeq, readSeq }]) =>
    present.has(userId) || (deliveredSeq === 0 && readSeq === 0)
      ? []
      : [{ userId, role: 'agent' as const, deliveredSeq, readSeq }],
  );
  return agents.length === 0 ? participants : [...participants, ...agents];
}
