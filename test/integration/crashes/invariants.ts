import type { LocalRun } from '../../../local/contract.ts';
import type { StoredConversation } from '../../../shared/features/log/conversation-codec.ts';
import type { MembershipItem } from '../../../shared/features/log/conversation-item.ts';
import type { LogOwner } from '../../../shared/features/log/log-content.ts';
import { firstTampering } from '../../../shared/features/log/log-verifier.ts';
import { fromStoredEntry, type StoredEntry } from '../../../shared/features/log/log-codec.ts';
import type { LogEntry } from '../../../shared/features/log/log-entry.ts';
import {
  conversationIdOf,
  isConversation,
  type Key,
  keys,
  membershipPrefix,
  notificationKeys,
  notificationPrefix,
  progressPrefix,
  sessionPrefix,
  userIdOf,
} from '../../../shared/core/table/keys.ts';
import { logEntryPrefix, outboxPrefix } from '../../../shared/core/table/schema.ts';
import type { NotificationCountItem } from '../../../shared/features/notifications/notification-item.ts';
import { isExpired, unreadCountOf } from '../../../shared/features/notifications/unread-days-rules.ts';
import { violationsOfDesk, violationsOfSupport } from './desk-invariants.ts';
import { violationsOfGroup } from './group-invariants.ts';
import type { StoredItem } from '../system/tables.ts';

/**
 * Lists violations of the invariants that hold after any crash, once everything has settled.
 * @param items with their full keys.
 * @param access to verify the tenant's logs.
 */
export function violationsIn(run: LocalRun, prefix: string, items: readonly StoredItem[], access: LogAccess): string[] {
  const own: Item[] = items
    .filter(({ pk }) => pk.startsWith(prefix))
    .map((item) => ({ ...item, pk: item.pk.slice(prefix.length) }));
  const byKey = new Map(own.map((item) => [`${item.pk} ${item.sk}`, item]));
  const tenant: TenantItems = { own, access, find: ({ pk, sk }) => byKey.get(`${pk} ${sk}`) };
  const published = new Set(run.recorder.sinks('event').map((event) => (event['detail'] as { id: string }).id));
  return [
    ...conversationsOf(tenant, published),
    ...accountsOf(tenant),
    ...notificationsOf(tenant),
    ...violationsOfDesk(own),
    ...outboxOf(tenant, published),
  ];
}

type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

type LogAccess = Omit<LogOwner, 'conversationId'>;

interface TenantItems {
  readonly access: LogAccess;
  readonly own: readonly Item[];
  readonly find: (key: Pick<Key, 'pk' | 'sk'>) => Item | undefined;
}

function conversationsOf({ own, find, access }: TenantItems, published: ReadonlySet<string>): string[] {
  const wrong: string[] = [];
  const conversations = own.filter(({ pk, sk }) => isConversation({ pk, sk }));
  const ids = new Set(conversations.map(conversationIdOf));
  for (const id of ids) {
    const say = (what: string) => wrong.push(`conversation ${id}: ${what}`);
    const people = Object.keys(find(keys.conversation(id))?.['members'] ?? {});
    const log = own
      .filter(({ pk, sk }) => pk === `C#${id}` && sk.startsWith(logEntryPrefix))
      .map((item) => fromStoredEntry(item as unknown as StoredEntry & Key))
      .sort((first, second) => first.seq - second.seq);
    const item = find(keys.conversation(id)) as unknown as StoredConversation | undefined;
    wrong.push(...logOf({ ...access, conversationId: id }, item, log, published));

    const summary = find(keys.conversationSummary(id));
    const last = log.at(-1);
    if (summary?.['lastSeq'] !== log.length)
      say(`the summary is at ${String(summary?.['lastSeq'])}, the log at ${log.length}`);
    if (summary?.['count'] !== (last?.state.count ?? 0)) say('the summary and the log have different counts');
    // Neither a changed message nor a note moves its conversation to the top.
    const shown = log.findLast(({ kind }) => kind.isShown && kind.audience === 'everyone');
    if (shown !== undefined && summary?.['activityAt'] !== shown.createdAt)
      say('the summary and the log have different times');

    if (item?.kind === 'group') {
      for (const what of violationsOfGroup(item, log, membershipsOf(own, id))) say(what);
    } else if (item?.kind === 'support') {
      for (const what of violationsOfSupport(item, log)) say(what);
    } else {
      const pair = find(keys.directPair(people[0] ?? '', people[1] ?? ''));
      if (pair?.['conversationId'] !== id) say('its pair leads to another conversation');
    }
    for (const userId of people) wrong.push(...participantOf(find, id, userId, log));
  }
  for (const { pk, sk, conversationId } of own) {
    const owner = pk.startsWith('U#') && sk.startsWith(membershipPrefix) ? pk.slice('U#'.length) : undefined;
    const named = owner === undefined ? undefined : sk.slice(membershipPrefix.length);
    if (named !== undefined) {
      const item = find(keys.conversation(named));
      const members = (item?.['members'] ?? {}) as Readonly<Record<string, unknown>>;
      if (item?.['kind'] !== 'group' && members[owner ?? ''] === undefined) {
        wrong.push(`${owner} has a membership of ${named} but is not a participant`);
      }
    }
    if (pk.startsWith('PAIR#') && !ids.has(String(conversationId))) wrong.push(`${pk} leads to no conversation`);
    if (pk.startsWith('C#') && !ids.has(pk.slice('C#'.length))) wrong.push(`${pk} ${sk} belongs to no conversation`);
    if (
      sk.startsWith(progressPrefix) &&
      // Agents read support conversations without a membership.
      find(keys.conversation(pk.slice('C#'.length)))?.['kind'] !== 'support' &&
      find(keys.membership(sk.slice(progressPrefix.length), pk.slice('C#'.length))) === undefined
    ) {
      wrong.push(`${pk} ${sk} has no membership`);
    }
  }
  return wrong;
}

function membershipsOf(own: readonly Item[], id: string): ReadonlyMap<string, MembershipItem> {
  const items = own.filter(({ pk, sk }) => pk.startsWith('U#') && sk === `${membershipPrefix}${id}`);
  return new Map(items.map((item) => [item.pk.slice('U#'.length), item as unknown as MembershipItem]));
}

function logOf(
  owner: LogOwner,
  item: StoredConversation | undefined,
  log: readonly LogEntry[],
  published: ReadonlySet<string>,
): string[] {
  const wrong: string[] = [];
  const id = owner.conversationId;
  // Support conversations have keys of their own. The command `verifyConversation` verifies their logs.
  const tampering = item?.kind === 'support' ? undefined : firstTampering(owner, log);
  if (tampering !== undefined) wrong.push(`conversation ${id}: ${tampering.reason} at ${tampering.seq}`);
  for (const entry of log) {
    if (!published.has(entry.entryId)) wrong.push(`conversation ${id}: entry ${entry.seq} was not published`);
  }
  const sent = log.map(({ senderId, clientMessageId }) => `${senderId} ${clientMessageId}`);
  if (new Set(sent).size !== sent.length) wrong.push(`conversation ${id}: it contains a message twice`);
  return wrong;
}

function participantOf(find: TenantItems['find'], id: string, userId: string, log: readonly LogEntry[]): string[] {
  const participant = find(keys.progress(id, userId));
  const ownSeq = log.findLast((entry) => entry.senderId === userId && entry.kind.countsAsUnread)?.seq ?? 0;
  if (participant === undefined) {
    // In groups and support conversations, this item exists only when there is something to store.
    const isNeeded = ownSeq > 0 || find(keys.conversation(id))?.['kind'] === 'direct';
    return isNeeded ? [`conversation ${id}: ${userId} has no participant item`] : [];
  }
  const wrong: string[] = [];
  const say = (what: string) => wrong.push(`conversation ${id}, participant ${userId}: ${what}`);
  if (find(keys.membership(userId, id)) === undefined) say('has no membership');
  const readSeq = Number(participant['readSeq']);
  if (readSeq < ownSeq) say(`wrote entry ${ownSeq} but has read up to ${readSeq}`);
  if (readSeq > log.length) say('has read beyond the end of the log');
  const deliveredSeq = Number(participant['deliveredSeq']);
  if (deliveredSeq < readSeq || deliveredSeq > log.length)
    say(`received up to ${deliveredSeq} but has read up to ${readSeq}`);
  if (Number(participant['readCount']) !== (log[readSeq - 1]?.state.count ?? 0))
    say('has a different count from the log');
  return wrong;
}

function accountsOf({ own, find }: TenantItems): string[] {
  const wrong: string[] = [];
  const users = new Set(own.filter(({ pk }) => pk.startsWith('U#')).map(({ pk }) => pk.slice('U#'.length)));
  const held = new Map<string, number>();
  // Teams, templates and pairs of users reserve names, too.
  const reserved = [keys.uniqueEmail('').pk, keys.uniqueUsername('').pk];
  const isOfAccount = ({ pk, sk }: StoredItem) =>
    sk === keys.uniqueEmail('').sk && reserved.some((start) => pk.startsWith(start));
  for (const item of own.filter(isOfAccount)) {
    const holder = `${item.pk.split('#')[0]} ${String(item['userId'])}`;
    held.set(holder, (held.get(holder) ?? 0) + 1);
    if (!users.has(String(item['userId']))) wrong.push(`${item.pk} is reserved for no account`);
  }
  for (const userId of users) {
    const say = (what: string) => wrong.push(`user ${userId}: ${what}`);
    const access = find(keys.userAccess(userId));
    const profile = find(keys.user(userId));
    // Synthetic users exist only as partners for conversations.
    if (access?.['synthetic'] === true) continue;
    const isGuest = access?.['role'] === 'guest';
    if (isGuest !== (find(keys.guestProfile(userId)) !== undefined)) say('is partly a guest');
    if (isGuest) {
      if (profile !== undefined) say('is a guest with the profile of a user');
      continue;
    }
    if (access === undefined || profile === undefined || find(keys.userCredentials(userId)) === undefined) {
      say('is not complete');
      continue;
    }
    if (access['status'] !== profile['status'] || access['role'] !== profile['role'])
      say('has conflicting statuses or roles');
    if (!String(profile['collectionPk']).endsWith(`#${String(profile['status'])}`))
      say('is in the list of another status');
    const names = profile['status'] === 'rejected' ? 0 : 1;
    for (const kind of ['EMAIL', 'USERNAME']) {
      if ((held.get(`${kind} ${userId}`) ?? 0) !== names) say(`has ${held.get(`${kind} ${userId}`)} items of ${kind}`);
    }
    for (const session of own.filter(({ pk, sk }) => pk === `U#${userId}` && sk.startsWith(sessionPrefix))) {
      if (Number(session['sessionVersion']) > Number(access['sessionVersion']))
        say('has a session with a future version');
    }
  }
  return wrong;
}

/** The unread count equals a brute-force count. */
function notificationsOf({ own, find }: TenantItems): string[] {
  const now = Date.now();
  const stored = own.filter(({ pk, sk }) => pk.startsWith('U#') && sk.startsWith(notificationPrefix));
  return [...new Set(stored.map(userIdOf))].flatMap((userId) => {
    const item = find(notificationKeys.count(userId)) as NotificationCountItem | undefined;
    const unread = stored.filter((each) => userIdOf(each) === userId && each['readAt'] === undefined);
    const live = unread.filter(({ expiresAt }) => !isExpired({ expiresAt: Number(expiresAt) }, now)).length;
    const counted = unreadCountOf(item, now);
    return counted === live ? [] : [`user ${userId}: has ${live} unread notifications, but the count is ${counted}`];
  });
}

function outboxOf({ own }: TenantItems, published: ReadonlySet<string>): string[] {
  return own
    .filter(({ pk, id }) => pk.startsWith(outboxPrefix) && !published.has(String(id)))
    .map(({ pk, type }) => `${pk} (${String(type)}) was not published`);
}
