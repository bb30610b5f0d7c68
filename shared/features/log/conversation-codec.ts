import type { HistoryVisibility } from '../../contract/schemas/conversation.ts';
import type { ConversationItem, Participant, SealedName } from './conversation-item.ts';

/** A conversation as it is stored. */
export interface StoredConversation {
  readonly kind: ConversationItem['kind'];
  readonly members: Readonly<Record<string, StoredParticipant>>;
  readonly revision: number;
  readonly createdBy?: string;
  readonly createdAt: number;
  /** The following are present in groups. */
  readonly name?: SealedName;
  readonly history?: HistoryVisibility;
  readonly left?: readonly string[];
  readonly revisedAt?: number;
}

/** A participant as it is stored. Names of one letter keep a group of 500 at about 30 KB. */
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

export function toStoredConversation(item: ConversationItem): StoredConversation {
  const { participants, ...rest } = item;
  const members = mapValues(participants, toStoredParticipant);
  if (rest.kind === 'direct') return { ...rest, members };
  const { left, ...group } = rest;
  return { ...group, members, ...(left.length === 0 ? {} : { left }) };
}

export function fromStoredConversation(stored: StoredConversation): ConversationItem {
  const { kind, members, revision, createdBy, createdAt, name, history = 'full', left = [] } = stored;
  const shared = { participants: mapValues(members, fromStoredParticipant), revision, createdAt };
  if (kind === 'direct') return { kind, ...shared, ...(createdBy === undefined ? {} : { createdBy }) };
  if (name === undefined || createdBy === undefined) throw new Error('A stored group has no name or no creator');
  return { kind, ...shared, createdBy, name, history, left, revisedAt: stored.revisedAt ?? createdAt };
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
