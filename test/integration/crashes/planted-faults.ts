import { conversationSortKey, keys, logSortKey, notificationKeys } from '../../../shared/core/table/keys.ts';
import type { StoredItem } from '../system/tables.ts';
import type { CrashWorld } from './crash-world.ts';

/** Damage that a crash could cause. The check must detect it. */
export interface PlantedFault {
  readonly name: string;
  readonly plant: (item: StoredItem, world: CrashWorld) => readonly StoredItem[];
}

type KeyOf = (world: CrashWorld) => { readonly pk: string; readonly sk: string };

function change(name: string, keyOf: KeyOf, to: (item: StoredItem) => readonly StoredItem[]): PlantedFault {
  return {
    name,
    plant: (item, world) => {
      const { pk, sk } = keyOf(world);
      return item.pk === world.prefix + pk && item.sk === sk ? to(item) : [item];
    },
  };
}

const gone = () => [];
const withMember = (name: string, value: unknown) => (item: StoredItem) => [{ ...item, [name]: value }];
const conversation: KeyOf = (world) => keys.conversation(world.conversation);
const summary: KeyOf = (world) => keys.conversationSummary(world.conversation);
const entry =
  (seq: number): KeyOf =>
  (world) =>
    keys.logEntry(world.conversation, seq);
const notificationCount: KeyOf = ({ bob }) => notificationKeys.count(bob.userId);
/** Of the day of the last write, whose notifications have not expired. */
function withAnotherUnread(item: StoredItem): StoredItem {
  const [day = ''] = Object.keys(item)
    .filter((name) => /^d[0-9]+$/.test(name))
    .sort()
    .slice(-1);
  return { ...item, [day]: Number(item[day]) + 1 };
}
const pair: KeyOf = ({ alice, bob }) => keys.directPair(alice.userId, bob.userId);
const participant: KeyOf = (world) => keys.progress(world.conversation, world.alice.userId);
const access: KeyOf = ({ bob }) => keys.userAccess(bob.userId);
const profile: KeyOf = ({ bob }) => keys.user(bob.userId);

const group: KeyOf = (world) => keys.conversation(world.group);
const groupMembership: KeyOf = (world) => keys.membership(world.bob.userId, world.group);

/** All items of a kind. */
function changeAll(
  name: string,
  isOne: (item: StoredItem, world: CrashWorld) => boolean,
  to: (item: StoredItem) => readonly StoredItem[],
): PlantedFault {
  return { name, plant: (item, world) => (isOne(item, world) ? to(item) : [item]) };
}
const isPlace = ({ pk }: StoredItem, { prefix }: CrashWorld) => pk.startsWith(prefix + keys.queue('', '').pk);
const isCounter = ({ pk }: StoredItem, { prefix }: CrashWorld) => pk.startsWith(prefix + keys.queueCounts('', 0).pk);
const deskAgent: KeyOf = ({ desk }) => keys.agent(desk.agent.userId);
const waiting: KeyOf = ({ desk }) => keys.conversation(desk.waiting);

export const plantedFaults: readonly PlantedFault[] = [
  change('an agent with a wrong load', deskAgent, withMember('load', 77)),
  changeAll('conversations that are in no list', isPlace, gone),
  changeAll('conversations that are twice in a list', isPlace, (item) => [item, { ...item, sk: `${item.sk}1` }]),
  changeAll('old copies in the lists', isPlace, withMember('status', 'resolved')),
  changeAll('wrong counts', isCounter, withMember('waiting:medium', 77)),
  changeAll('missing counts', isCounter, gone),
  change('a support conversation that is behind its log', waiting, withMember('revision', 77)),
  change('a support conversation in another state than its log', waiting, (item) => [
    { ...item, support: { ...(item['support'] as object), priority: 'low' } },
  ]),
  change('a conversation that waits for nobody', waiting, (item) => [
    { ...item, support: { ...(item['support'] as object), skills: [] } },
  ]),
  change('a hole in a log', entry(2), gone),
  change('a message that a log contains twice', entry(2), (item) => [item, { ...item, sk: logSortKey(99_999) }]),
  change('a message with changed content', entry(3), withMember('d', Buffer.alloc(32))),
  change('a message without the latest change', entry(1), withMember('u', 99_999)),
  change('a message that was not published', entry(3), withMember('i', 'never')),
  change('a summary that is behind', summary, withMember('lastSeq', 1)),
  change('a summary with a wrong count', summary, withMember('count', 1)),
  change('a conversation without a summary', summary, gone),
  change(
    'a participant without a membership',
    (world) => keys.membership(world.alice.userId, world.conversation),
    gone,
  ),
  change('a membership without a participant', participant, gone),
  change('a sender who has not read their own message', participant, withMember('readSeq', 0)),
  change('a reader who received nothing', participant, withMember('deliveredSeq', 0)),
  change('a conversation whose pair leads to another one', pair, withMember('conversationId', 'another')),
  change('a conversation without a pair', pair, gone),
  change('a wrong count of notifications', notificationCount, (item) => [withAnotherUnread(item)]),
  change('a pair that leads to no conversation', conversation, (item) =>
    item.sk === conversationSortKey ? [] : [item],
  ),
  change('a group that is behind its log', group, withMember('revision', 1)),
  change('a group without an admin', group, (item) => [{ ...item, members: withoutAdmins(item) }]),
  change('a participant of a group without a membership', groupMembership, gone),
  change('a participant of a group whose membership has ended', groupMembership, withMember('leftAt', 1)),
  change('a user who left a group and still has a membership', group, (item) => [
    { ...item, members: withoutLatest(item) },
  ]),
  change('an account without access', access, gone),
  change('an account without a password', ({ bob }) => keys.userCredentials(bob.userId), gone),
  change('an account with conflicting statuses', profile, withMember('status', 'suspended')),
  change('a name that is reserved for no account', profile, gone),
  {
    name: 'an account whose names are not reserved',
    plant: (item, { bob }) => (item.sk === 'UNIQUE' && item['userId'] === bob.userId ? [] : [item]),
  },
  {
    name: 'an event that was not published',
    plant: (item, world) => (item.pk.startsWith(`${world.prefix}OUTBOX#`) ? [{ ...item, id: 'never' }] : [item]),
  },
];

type Members = Readonly<Record<string, { readonly r: string; readonly q: number }>>;

function withoutAdmins(item: StoredItem): Members {
  return Object.fromEntries(
    Object.entries(item['members'] as Members).map(([userId, member]) => [userId, { ...member, r: 'm' }]),
  );
}

function withoutLatest(item: StoredItem): Members {
  const byAge = Object.entries(item['members'] as Members).sort(([, first], [, second]) => first.q - second.q);
  return Object.fromEntries(byAge.slice(0, -1));
}
