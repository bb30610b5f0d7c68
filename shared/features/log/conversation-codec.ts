import type {
  ConversationItem,
  DirectConversation,
  GroupConversation,
  Participant,
  SupportConversation,
} from './conversation-item.ts';

export type StoredConversation = StoredDirect | StoredGroup | StoredSupport;
type StoredSupport = Omit<SupportConversation, 'participants'> & StoredMembers;
type StoredDirect = Omit<DirectConversation, 'participants'> & StoredMembers;
type StoredGroup = Omit<GroupConversation, 'participants' | 'left'> &
  StoredMembers &
  Partial<Pick<GroupConversation, 'left'>>;

interface StoredMembers {
  readonly members: Readonly<Record<string, StoredParticipant>>;
}

/** Names of one letter keep a group of 500 at about 30 KB. */
export interface StoredParticipant {
  /** role: admin or member */
  readonly r: 'a' | 'm';
  /** joinedSeq */
  readonly q: number;
  /** joinedCount */
  readonly n: number;
  /** joinedRevision */
  readonly v: number;
  /** joinedAt */
  readonly t: number;
}

export function toStoredConversation({ participants, ...item }: ConversationItem): StoredConversation {
  const members = mapValues(participants, toStoredParticipant);
  if (item.kind !== 'group') return { ...item, members };
  const { left, ...group } = item;
  return { ...group, members, ...(left.length === 0 ? {} : { left }) };
}

export function fromStoredConversation({ members, ...item }: StoredConversation): ConversationItem {
  const participants = mapValues(members, fromStoredParticipant);
  return item.kind === 'group' ? { left: [], ...item, participants } : { ...item, participants };
}

function toStoredParticipant(participant: Participant): StoredParticipant {
  const { role, joinedSeq: q, joinedCount: n, joinedRevision: v, joinedAt: t } = participant;
  return { r: role === 'admin' ? 'a' : 'm', q, n, v, t };
}

function fromStoredParticipant({ r, q, n, v, t }: StoredParticipant): Participant {
  return { role: r === 'a' ? 'admin' : 'member', joinedSeq: q, joinedCount: n, joinedRevision: v, joinedAt: t };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
