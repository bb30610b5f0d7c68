import { afterAll, beforeAll, expect, it } from 'vitest';
import { listConversations } from '../../../shared/contract/conversations/list-conversations.ts';
import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import { environmentsForRaces, startTestRun, type TestRun } from '../../integration/harness.ts';
import { seededRandom } from '../../integration/log/seeded-random.ts';
import { progressOf, report } from '../../integration/system/report.ts';
import { password } from '../../integration/system/world.ts';
import { violationsOf } from '../history/checker.ts';
import type { SentChange } from '../history/history.ts';
import type { Violation } from '../history/violations.ts';
import { roughWeather, Storm } from '../plan/storm.ts';
import { isFullSize, sized } from '../scale.ts';
import { seed } from '../../reporting/seed.ts';
import { type CrowdMember, crowdOf } from './crowd.ts';
import { type CrowdConversation, historyOf, messagesIn, pagesOf, resumedEvents } from './crowd-history.ts';
import { Device } from './device.ts';
import { killEngine } from './engine-kill.ts';

// A storm cuts real clients' connections and kills the table's engine. In the end, all clients must have the same
// state.
const cuts = Number(process.env['CUTS'] ?? sized(10_000, 25));
const engineKills = sized(10, 2);
const names = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay'].slice(0, sized(6, 4));
/** Small, because every participant receives all receipts. */
const groupSize = 3;
const guest = 'gus';
const emojis = ['👍', '🎉'];
const sendsPerCut = 0.3;
const changesPerCut = sized(0.1, 0.8);
const readsPerCut = 0.1;
/** Low, so that a new connection can receive the group's whole history as events. */
const regroupsPerCut = sized(0.01, 0.05);
const slug = 'storm';

const random = seededRandom(seed);
const storm = new Storm(seed);
let test: TestRun;
let crowd: readonly CrowdMember[];
let devices: readonly Device[] = [];

beforeAll(async () => {
  report(`connections: ${cuts} cuts (seed ${seed})`);
  test = await startTestRun({
    environmentsPerFunction: environmentsForRaces,
    faults: storm.plan,
    pace: { queueRetryAfterMs: 20 },
  });
  crowd = await crowdOf(test, slug, [...names, guest]);
  const started: Device[] = [];
  for (const { username } of crowd.slice(0, names.length)) {
    const login = { tenant: slug, username, password };
    for (const emoji of emojis) {
      started.push(await Device.start({ name: `${username}’s ${emoji}`, url: test.url, login, emoji, random }));
    }
  }
  devices = started;
});

afterAll(async () => {
  for (const device of devices) device.close();
  await test.stop();
});

async function startConversations(): Promise<readonly CrowdConversation[]> {
  const userIds = [...new Set(devices.map(({ userId }) => userId))];
  const conversations: CrowdConversation[] = [];
  for (const [index, userId] of userIds.entries()) {
    for (const step of [1, 2]) {
      const partnerId = userIds[(index + step) % userIds.length] ?? '';
      const own = devices.filter((device) => device.userId === userId || device.userId === partnerId);
      const id = await own[0]?.startDirect(own[0].userId === userId ? partnerId : userId);
      if (id !== undefined && !conversations.some((conversation) => conversation.id === id))
        conversations.push({ id, devices: own });
    }
  }
  const groupUserIds = userIds.slice(0, groupSize);
  const group = await devices[0]?.startGroup('Some', groupUserIds.slice(1));
  const inGroup = devices.filter(({ userId }) => groupUserIds.includes(userId));
  if (group !== undefined) conversations.push({ id: group, devices: inGroup });
  for (const device of listKeepers()) await device.loadInbox();
  for (const { id, devices: own } of conversations) await Promise.all(own.map((device) => device.open(id)));
  return conversations;
}

/** Excludes the last message's status, which depends on the participants when it was sent. */
function listed(conversations: readonly Conversation[]): unknown {
  const byId = (first: { userId: string }, second: { userId: string }) => (first.userId < second.userId ? -1 : 1);
  return conversations
    .map(({ participants, lastMessage, ...conversation }) => ({
      ...conversation,
      participants: participants.toSorted(byId),
      lastMessage: { ...lastMessage, status: undefined },
    }))
    .sort((first, second) => (first.id < second.id ? -1 : 1));
}

function listKeepers(): readonly Device[] {
  return [devices[1], devices.at(-1)].filter((device) => device !== undefined);
}

/** Also ends when the device receives no more news. */
async function expectTheList(device: Device): Promise<void> {
  for (let patience = 60; ; patience -= 1) {
    const answer = await device.call(listConversations, { query: { limit: 100 } });
    if (!answer.ok) throw new Error('The list cannot be read');
    const expected = listed(answer.body.items);
    const shown = listed(device.inbox());
    if (JSON.stringify(shown) === JSON.stringify(expected) || patience === 0) {
      return expect(shown, device.name).toEqual(expected);
    }
    await device.news(1000);
  }
}

async function regroup(leader: Device, id: string, guest: string): Promise<void> {
  const dice = random();
  if (dice < 0.4) await leader.groups.add(id, [{ userId: guest }]);
  else if (dice < 0.8) await leader.groups.remove(id, guest);
  else await leader.groups.rename(id, `Group ${Math.floor(random() * 1000)}`);
}

it(
  `gives all clients the same state after ${cuts} cuts (seed ${seed})`,
  async () => {
    const conversations = await startConversations();
    let left = cuts;
    storm.begin();
    const kill = Math.floor(cuts / (engineKills + 1));
    const group = conversations.at(-1)?.id ?? '';
    const guestId = crowd.at(-1)?.userId ?? '';
    const regrouped: Promise<void>[] = [];
    const startedAt = performance.now();
    const progress = progressOf('cuts', cuts);
    const [leader] = devices;
    if (leader === undefined) throw new Error('There are no devices');
    await Promise.all(
      devices.map(async (device) => {
        const own = conversations.filter(({ devices: inIt }) => inIt.includes(device));
        // Few cuts may draw few faults.
        while (left > 0 || storm.faultCount <= cuts / 3) {
          left -= 1;
          if (left > 0 && left % kill === 0) killEngine(test.dataDirectory);
          await device.connected();
          if (random() < sendsPerCut) {
            const { id } = own[Math.floor(random() * own.length)] ?? { id: '' };
            device.send(id, `${device.name} ${device.sentCount(id)} ☂`);
          }
          const { id } = own[Math.floor(random() * own.length)] ?? { id: '' };
          if (random() < changesPerCut) device.changes.make(id);
          if (random() < readsPerCut) device.read(id);
          // The log shows whether the change was made.
          if (random() < regroupsPerCut) regrouped.push(regroup(leader, group, guestId).catch(() => undefined));
          if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 30));
          device.cut();
          progress(cuts - left);
        }
      }),
    );
    storm.calm();
    const seconds = (performance.now() - startedAt) / 1000;
    report(`connections: ${cuts - left} cuts in ${seconds.toFixed(0)} s; ${JSON.stringify(storm.happened)}`);

    await Promise.all(regrouped);
    // A storm may draw no change of an existing message.
    for (const { id, devices: own } of conversations) own[0]?.send(id, 'after the storm ☂');
    for (const { id, devices: own } of conversations) {
      const count = own.reduce((sum, device) => sum + device.sentCount(id), 0);
      await Promise.all(own.map((device) => device.hears(id, count)));
      own[0]?.changes.react(id, true);
      await Promise.all(own.map((device) => device.changes.asked(id)));
    }
    await test.run.settled();

    const violations: Violation[] = [];
    const changes: SentChange[] = [];
    const resumes = await Promise.all(
      crowd.slice(0, names.length).map(async (person) => {
        const own = conversations.filter((conversation) =>
          conversation.devices.some(({ userId }) => userId === person.userId),
        );
        const ids = own.map(({ id }) => id);
        return [person.username, await resumedEvents(test, slug, person, ids)] as const;
      }),
    );
    for (const conversation of conversations) {
      const { id, devices: own } = conversation;
      const [reader] = own;
      if (reader === undefined) throw new Error('The conversation has no devices');
      const messages = await pagesOf(reader, id);
      await Promise.all(own.map((device) => device.settles(id, messages)));
      const received = resumes.flatMap(([observer, byConversation]) => {
        const events = byConversation.get(id);
        return events === undefined
          ? []
          : [{ observer, way: 'resume' as const, after: 0, messages: messagesIn(events) }];
      });
      const events =
        resumes.map(([, byConversation]) => byConversation.get(id)).find((found) => found !== undefined) ?? [];
      const history = await historyOf(conversation, messages, events);
      changes.push(...(history.changes ?? []));
      violations.push(...violationsOf({ ...history, received: [...history.received, ...received] }));
    }
    report(`connections: ${changes.length} changes of messages, ${regrouped.length} of the group`);
    expect(violations).toEqual([]);
    for (const device of listKeepers()) await expectTheList(device);
    const possible = Object.keys(roughWeather).filter((kind) => kind !== 'repeatEvent');
    if (isFullSize) expect(Object.keys(storm.happened)).toEqual(expect.arrayContaining(possible));
    expect(changes.length).toBeGreaterThan(cuts * (isFullSize ? 0.05 : 0));
  },
  isFullSize ? 5_400_000 : 400_000,
);
