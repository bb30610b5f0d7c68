import type { HistoryVisibility, ParticipantRole } from '../../contract/schemas/conversation.ts';
import type { SystemMessage } from '../../contract/schemas/message.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { ChangeContext } from '../messages/open-for-change.ts';
import { type ConversationItem, type Member, participantIdsOf } from '../log/conversation-item.ts';
import { adminsOf } from './succession-rules.ts';

/** What becomes of a group. Each change is one entry of the log, which its system message tells. */
export interface GroupChange {
  readonly system: SystemMessage;
  readonly added?: { readonly userIds: readonly string[]; readonly role: ParticipantRole };
  readonly left?: readonly string[];
  readonly roles?: Readonly<Record<string, ParticipantRole>>;
  readonly name?: string;
  readonly history?: HistoryVisibility;
}

/** `Further` are refusals that only some changes know. */
export type GroupDecision<Further extends string = never> =
  | { readonly kind: 'change'; readonly change: GroupChange }
  /** It is so already: nothing is written. */
  | { readonly kind: 'same' }
  | { readonly kind: 'not-a-group' }
  | { readonly kind: 'not-admin' }
  | { readonly kind: Further };

/** Decides on the group as it is, before each attempt. */
export type Decide<Problem extends Refusal> = (
  item: ConversationItem,
  context: ChangeContext,
) => Promise<GroupDecision | Problem> | GroupDecision | Problem;

const same = { kind: 'same' } as const;

/** A new group but for its name, which is encrypted. The first of the people is its creator, and its admin. */
export function newGroup(
  userIds: readonly string[],
  history: HistoryVisibility,
  entry: ChangeEntry,
): Omit<ConversationItem, 'name'> {
  const { createdAt, state } = entry;
  const members = userIds.map((userId, index): [string, Member] => [
    userId,
    { r: index === 0 ? 'a' : 'm', q: 0, n: 0, v: state.revision, t: createdAt },
  ]);
  return {
    kind: 'group',
    members: Object.fromEntries(members),
    revision: state.revision,
    revisedAt: createdAt,
    createdBy: userIds[0] ?? '',
    createdAt,
    history,
  };
}

/** How the timeline of a group begins. */
export function foundingMessage(
  userIds: readonly string[],
  name: string,
  history: HistoryVisibility,
  namedAtMost: number,
): SystemMessage {
  const others = userIds.slice(1, namedAtMost + 1);
  return { kind: 'created', name, history, ...(others.length === 0 ? {} : { userIds: others }) };
}

/** Whether somebody may change a group at all; nothing if so. */
export function refusedActor(
  item: ConversationItem,
  actorId: string,
): { readonly kind: 'not-a-group' } | { readonly kind: 'not-admin' } | undefined {
  if (item.kind !== 'group') return { kind: 'not-a-group' };
  return member(item, actorId)?.r === 'a' ? undefined : { kind: 'not-admin' };
}

/** Adds people. Who takes part already stays as they are. */
export function decideAddition(
  item: ConversationItem,
  actorId: string,
  people: readonly string[],
  role: ParticipantRole,
  groupSize: number,
): GroupDecision<'full'> {
  const refused = refusedActor(item, actorId);
  if (refused !== undefined) return refused;
  const userIds = [...new Set(people)].filter((userId) => member(item, userId) === undefined);
  if (userIds.length === 0) return same;
  if (Object.keys(item.members).length + userIds.length > groupSize) return { kind: 'full' };
  const system: SystemMessage = { kind: 'joined', userIds, ...(role === 'member' ? {} : { role }) };
  return { kind: 'change', change: { system, added: { userIds, role } } };
}

/**
 * Removes somebody, or lets the actor leave. Without an admin, one of those who stay becomes one.
 * @param nextAdminId - who that would be; the longest-standing, unless told.
 */
export function decideRemoval(
  item: ConversationItem,
  actorId: string,
  userId: string,
  nextAdminId?: string,
): GroupDecision {
  const refused = refusedActor(item, actorId);
  if (refused !== undefined && (refused.kind === 'not-a-group' || userId !== actorId)) return refused;
  if (member(item, userId) === undefined) return same;
  const successorId = successor(item, userId, nextAdminId);
  const system: SystemMessage = {
    kind: userId === actorId ? 'left' : 'removed',
    userIds: [userId],
    ...(successorId === undefined ? {} : { successorId }),
  };
  return { kind: 'change', change: { system, left: [userId], ...rolesOf(successorId) } };
}

/**
 * Gives somebody a role. The last admin hands over to one of the others; who is alone stays admin.
 * @param nextAdminId - who that would be; the longest-standing, unless told.
 */
export function decideRole(
  item: ConversationItem,
  actorId: string,
  userId: string,
  role: ParticipantRole,
  nextAdminId?: string,
): GroupDecision<'no-such-member'> {
  const refused = refusedActor(item, actorId);
  if (refused !== undefined) return refused;
  const known = member(item, userId);
  if (known === undefined) return { kind: 'no-such-member' };
  if ((known.r === 'a') === (role === 'admin')) return same;
  const successorId = role === 'admin' ? undefined : successor(item, userId, nextAdminId);
  const isAlone = Object.keys(item.members).length === 1;
  if (isAlone) return same;
  const system: SystemMessage = {
    kind: 'role-changed',
    userIds: [userId],
    role,
    ...(successorId === undefined ? {} : { successorId }),
  };
  return { kind: 'change', change: { system, roles: { ...rolesOf(successorId).roles, [userId]: role } } };
}

/** Gives a group a name, or changes what newcomers see. */
export function decideProperties(
  item: ConversationItem,
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

/** The entry that a change comes with, as far as the group's item depends on it. */
export interface ChangeEntry {
  readonly seq: number;
  readonly createdAt: number;
  readonly state: { readonly count: number; readonly revision: number };
}

/** The group after a change; but for its name, which is encrypted. */
export function withGroupChange(item: ConversationItem, change: GroupChange, entry: ChangeEntry): ConversationItem {
  const { left: _, ...rest } = item;
  const { added, left, roles = {}, history } = change;
  const staying = Object.entries(item.members)
    .filter(([userId]) => left?.includes(userId) !== true)
    .map(([userId, known]): [string, Member] => {
      const role = Object.hasOwn(roles, userId) ? roles[userId] : undefined;
      return [userId, role === undefined ? known : { ...known, r: letterOf(role) }];
    });
  const coming = (added?.userIds ?? []).map((userId): [string, Member] => [
    userId,
    {
      r: letterOf(added?.role ?? 'member'),
      q: entry.seq,
      n: entry.state.count,
      v: entry.state.revision,
      t: entry.createdAt,
    },
  ]);
  return {
    ...rest,
    members: Object.fromEntries([...staying, ...coming]),
    revision: entry.state.revision,
    revisedAt: entry.createdAt,
    ...(left === undefined ? {} : { left }),
    ...(history === undefined ? {} : { history }),
  };
}

/** Who becomes an admin when somebody ceases to be one, if nobody else is. */
function successor(item: ConversationItem, userId: string, nextAdminId: string | undefined): string | undefined {
  if (adminsOf(item).some((one) => one !== userId)) return undefined;
  const others = participantIdsOf(item).filter((one) => one !== userId);
  return nextAdminId !== undefined && others.includes(nextAdminId) ? nextAdminId : others[0];
}

/** The group as its acting admin would have it. */
export function ledBy(item: ConversationItem, userId: string): ConversationItem {
  const known = member(item, userId);
  return known === undefined ? item : { ...item, members: { ...item.members, [userId]: { ...known, r: 'a' } } };
}

/** The actor becomes an admin, and nothing else changes. */
export function promotion(actorId: string): GroupChange {
  const system: SystemMessage = { kind: 'role-changed', userIds: [actorId], role: 'admin' };
  return { system, roles: { [actorId]: 'admin' } };
}

/** A change that its actor may make only by becoming an admin with it: nobody else could act. */
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

function letterOf(role: ParticipantRole): Member['r'] {
  return role === 'admin' ? 'a' : 'm';
}

function member(item: ConversationItem, userId: string): Member | undefined {
  return Object.hasOwn(item.members, userId) ? item.members[userId] : undefined;
}
