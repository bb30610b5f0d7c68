import type { HistoryVisibility, ParticipantRole } from '../../contract/schemas/conversation.ts';
import type { SystemMessage } from '../../contract/schemas/system-message.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { ChangeContext } from '../messages/open-for-change.ts';
import { accessTo } from '../log/access.ts';
import {
  type GroupConversation,
  isParticipant,
  type Participant,
  participantIdsOf,
  participantOf,
} from '../log/conversation-item.ts';
import { adminsOf } from './succession-rules.ts';

export interface GroupChange {
  readonly system: SystemMessage;
  readonly added?: { readonly userIds: readonly string[]; readonly role: ParticipantRole };
  readonly left?: readonly string[];
  readonly roles?: Readonly<Record<string, ParticipantRole>>;
  readonly name?: string;
  readonly history?: HistoryVisibility;
}

export type GroupDecision<Further extends string = never> =
  | { readonly kind: 'change'; readonly change: GroupChange }
  /** Writes nothing. */
  | { readonly kind: 'same' }
  | { readonly kind: 'not-admin' }
  | { readonly kind: Further };

export type Decide<Problem extends Refusal> = (
  item: GroupConversation,
  context: ChangeContext,
) => Promise<GroupDecision | Problem> | GroupDecision | Problem;

const same = { kind: 'same' } as const;

/** Without its name, which is encrypted. The first user is its creator and admin. */
export function newGroup(
  userIds: readonly string[],
  history: HistoryVisibility,
  { createdAt, state: { revision } }: ChangeEntry,
): Omit<GroupConversation, 'name'> {
  const participants = userIds.map((userId, index): [string, Participant] => [
    userId,
    {
      role: index === 0 ? 'admin' : 'member',
      joinedSeq: 0,
      joinedCount: 0,
      joinedRevision: revision,
      joinedAt: createdAt,
    },
  ]);
  return {
    kind: 'group',
    participants: Object.fromEntries(participants),
    revision,
    createdBy: userIds[0] ?? '',
    createdAt,
    revisedAt: createdAt,
    left: [],
    history,
  };
}

export function foundingMessage(
  userIds: readonly string[],
  name: string,
  history: HistoryVisibility,
  namedAtMost: number,
): SystemMessage {
  const others = userIds.slice(1, namedAtMost + 1);
  return { kind: 'created', name, history, ...(others.length === 0 ? {} : { userIds: others }) };
}

export function refusedActor(item: GroupConversation, actorId: string): { readonly kind: 'not-admin' } | undefined {
  return accessTo(item, { userId: actorId })?.canManage === true ? undefined : { kind: 'not-admin' };
}

/** Existing participants keep their role. */
export function decideAddition(
  item: GroupConversation,
  actorId: string,
  people: readonly string[],
  role: ParticipantRole,
  groupSize: number,
): GroupDecision<'full'> {
  const refused = refusedActor(item, actorId);
  if (refused !== undefined) return refused;
  const userIds = [...new Set(people)].filter((userId) => !isParticipant(item, userId));
  if (userIds.length === 0) return same;
  if (Object.keys(item.participants).length + userIds.length > groupSize) return { kind: 'full' };
  const system: SystemMessage = { kind: 'joined', userIds, ...(role === 'member' ? {} : { role }) };
  return { kind: 'change', change: { system, added: { userIds, role } } };
}

/**
 * If no admin remains, another participant becomes admin.
 * @param nextAdminId - the preferred next admin; by default the participant who joined first.
 */
export function decideRemoval(
  item: GroupConversation,
  actorId: string,
  userId: string,
  nextAdminId?: string,
): GroupDecision {
  const refused = refusedActor(item, actorId);
  if (refused !== undefined && userId !== actorId) return refused;
  if (!isParticipant(item, userId)) return same;
  const successorId = successor(item, userId, nextAdminId);
  const system: SystemMessage = {
    kind: userId === actorId ? 'left' : 'removed',
    userIds: [userId],
    ...(successorId === undefined ? {} : { successorId }),
  };
  return { kind: 'change', change: { system, left: [userId], ...rolesOf(successorId) } };
}

/**
 * If no admin remains, another participant becomes admin. The only participant stays admin.
 * @param nextAdminId - the preferred next admin; by default the participant who joined first.
 */
export function decideRole(
  item: GroupConversation,
  actorId: string,
  userId: string,
  role: ParticipantRole,
  nextAdminId?: string,
): GroupDecision<'no-such-participant'> {
  const refused = refusedActor(item, actorId);
  if (refused !== undefined) return refused;
  const participant = participantOf(item, userId);
  if (participant === undefined) return { kind: 'no-such-participant' };
  if (participant.role === role) return same;
  const successorId = role === 'admin' ? undefined : successor(item, userId, nextAdminId);
  const isAlone = Object.keys(item.participants).length === 1;
  if (isAlone) return same;
  const system: SystemMessage = {
    kind: 'role-changed',
    userIds: [userId],
    role,
    ...(successorId === undefined ? {} : { successorId }),
  };
  return { kind: 'change', change: { system, roles: { ...rolesOf(successorId).roles, [userId]: role } } };
}

export function decideProperties(
  item: GroupConversation,
  actorId: string,
  wanted: { readonly name?: string | undefined; readonly history?: HistoryVisibility | undefined },
  currentName: string | undefined,
): GroupDecision {
  const refused = refusedActor(item, actorId);
  if (refused !== undefined) return refused;
  const changed = {
    ...(wanted.name === undefined || wanted.name === currentName ? {} : { name: wanted.name }),
    ...(wanted.history === undefined || wanted.history === item.history ? {} : { history: wanted.history }),
  };
  if (Object.keys(changed).length === 0) return same;
  return { kind: 'change', change: { system: { kind: 'changed', ...changed }, ...changed } };
}

export interface ChangeEntry {
  readonly seq: number;
  readonly createdAt: number;
  readonly state: { readonly count: number; readonly revision: number };
}

/** The caller encrypts and sets a new name. */
export function withGroupChange(item: GroupConversation, change: GroupChange, entry: ChangeEntry): GroupConversation {
  const { added, left = [], roles = {}, history = item.history } = change;
  const { seq, createdAt, state } = entry;
  const remaining = Object.entries(item.participants)
    .filter(([userId]) => !left.includes(userId))
    .map(([userId, participant]): [string, Participant] => {
      const role = Object.hasOwn(roles, userId) ? roles[userId] : undefined;
      return [userId, role === undefined ? participant : { ...participant, role }];
    });
  const newcomers = (added?.userIds ?? []).map((userId): [string, Participant] => [
    userId,
    {
      role: added?.role ?? 'member',
      joinedSeq: seq,
      joinedCount: state.count,
      joinedRevision: state.revision,
      joinedAt: createdAt,
    },
  ]);
  return {
    ...item,
    participants: Object.fromEntries([...remaining, ...newcomers]),
    revision: state.revision,
    revisedAt: createdAt,
    left,
    history,
  };
}

/** Undefined while there is another admin. */
function successor(item: GroupConversation, userId: string, nextAdminId: string | undefined): string | undefined {
  if (adminsOf(item).some((adminId) => adminId !== userId)) return undefined;
  const others = participantIdsOf(item).filter((otherId) => otherId !== userId);
  return nextAdminId !== undefined && others.includes(nextAdminId) ? nextAdminId : others[0];
}

export function ledBy(item: GroupConversation, userId: string): GroupConversation {
  const participant = participantOf(item, userId);
  if (participant === undefined) return item;
  return { ...item, participants: { ...item.participants, [userId]: { ...participant, role: 'admin' } } };
}

export function promotion(actorId: string): GroupChange {
  const system: SystemMessage = { kind: 'role-changed', userIds: [actorId], role: 'admin' };
  return { system, roles: { [actorId]: 'admin' } };
}

export function withPromotion(change: GroupChange, actorId: string): GroupChange {
  const isGone = change.left?.includes(actorId) === true;
  if (isGone) return change;
  return {
    ...change,
    system: { successorId: actorId, ...change.system },
    roles: { [actorId]: 'admin', ...change.roles },
  };
}

function rolesOf(successorId: string | undefined): Pick<GroupChange, 'roles'> {
  return successorId === undefined ? {} : { roles: { [successorId]: 'admin' } };
}
