import type { Conversation } from '../contract/schemas/conversation.ts';
import type { SystemMessage } from '../contract/schemas/system-message.ts';
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
  if (state.wiped !== true) return { ...kept, ...state };
  return {
    ...(Object.fromEntries(Object.entries(kept).filter(([name]) => !wipedMembers.has(name))) as Conversation),
    ...state,
  };
}

const wipedMembers = new Set<string>([
  ...(['subject', 'description', 'metadata', 'incidentId', 'templateId'] as const),
] satisfies readonly (keyof Conversation)[]);

const stateMembers = new Set<string>([
  ...(['status', 'priority', 'assigneeId', 'assigneeName', 'teamId', 'tags', 'urgency', 'sla'] as const),
  ...(['waitingSince', 'archived', 'wiped'] as const),
] satisfies readonly (keyof SupportStateView)[]);

/** An absent text stays, and `null` removes it. */
export function withTexts(
  base: Conversation,
  { subject, description, metadata }: Pick<SystemMessage, 'subject' | 'description' | 'metadata'>,
): Conversation {
  const changed = Object.entries({ subject, description, metadata }).filter(([, value]) => value !== undefined);
  if (changed.length === 0) return base;
  const texts = Object.entries({ ...base, ...Object.fromEntries(changed) }).filter(([, value]) => value !== null);
  return Object.fromEntries(texts) as unknown as Conversation;
}

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
