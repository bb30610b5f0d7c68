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
import { type CrowdConversation, historyOf, messagesTold, pagesOf, resumedEvents } from './crowd-history.ts';
import { Device } from './device.ts';
import { killEngine } from './engine-kill.ts';

/**
 * Real clients on the whole system, whose connections are cut over and over while everything else goes wrong that a
 * storm brings, the table's engine killed included. When it is over, everybody has the same.
 */
const cuts = Number(process.env['CUTS'] ?? sized(10_000, 50));
const engineKills = sized(10, 2);
const names = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay'];
/** Receipts of everybody go to everybody: a few are enough. */
const groupSize = 3;
/** Comes to the group and goes, and has no device. */
const guest = 'gus';
const emojis = ['👍', '🎉'];
const sendsPerCut = 0.3;
const changesPerCut = sized(0.1, 0.8);
const readsPerCut = 0.1;
/** All that happens in the group has to be few enough to be told from the beginning. */
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

/** Everybody talks with the next two in the ring, and the first few in a group, which comes last. */
async function startConversations(): Promise<readonly CrowdConversation[]> {
  const userIds = [...new Set(devices.map(({ userId }) => userId))];
  const conversations: CrowdConversation[] = [];
  for (const [index, userId] of userIds.entries()) {
    for (const step of [1, 2]) {
      const other = userIds[(index + step) % userIds.length] ?? '';
      const own = devices.filter((device) => device.userId === userId || device.userId === other);
      const id = await own[0]?.startDirect(own[0].userId === userId ? other : userId);
      if (id !== undefined && !conversations.some((one) => one.id === id)) conversations.push({ id, devices: own });
    }
  }
  const together = userIds.slice(0, groupSize);
  const group = await devices[0]?.startGroup('Some', together.slice(1));
  const inGroup = devices.filter(({ userId }) => together.includes(userId));
  if (group !== undefined) conversations.push({ id: group, devices: inGroup });
  for (const device of listKeepers()) await device.loadInbox();
  for (const { id, devices: own } of conversations) await Promise.all(own.map((device) => device.open(id)));
  return conversations;
}

/** The list of conversations as it is to be shown; how far a message has come, depends on who was there when it was written. */
function listed(conversations: readonly Conversation[]): unknown {
  const byId = (one: { userId: string }, other: { userId: string }) => (one.userId < other.userId ? -1 : 1);
  return conversations
    .map(({ participants, lastMessage, ...conversation }) => ({
      ...conversation,
      participants: participants.toSorted(byId),
      lastMessage: { ...lastMessage, status: undefined },
    }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Devices that keep the list of conversations from the beginning: one of somebody in the group, one of somebody else. */
function listKeepers(): readonly Device[] {
  return [devices[1], devices.at(-1)].filter((device) => device !== undefined);
}

/** Waits until a device shows the list that there is, for as long as it hears of anything; then compares. */
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

/** Somebody who comes to the group, and is removed from it, over and over; a name that changes. */
async function regroup(leader: Device, id: string, guest: string): Promise<void> {
  const dice = random();
  if (dice < 0.4) await leader.groups.add(id, [{ userId: guest }]);
  else if (dice < 0.8) await leader.groups.remove(id, guest);
  else await leader.groups.rename(id, `Group ${Math.floor(random() * 1000)}`);
}

it(
  `everybody converges after ${cuts} cuts (seed ${seed})`,
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
    if (leader === undefined) throw new Error('Nobody is there');
    await Promise.all(
      devices.map(async (device) => {
        const own = conversations.filter((one) => one.devices.includes(device));
        while (left > 0) {
          left -= 1;
          if (left > 0 && left % kill === 0) killEngine(test.dataDirectory);
          await device.connected();
          if (random() < sendsPerCut) {
            const { id } = own[Math.floor(random() * own.length)] ?? { id: '' };
            device.send(id, `${device.name} ${device.sentCount(id)} ☂`);
          }
          const { id: other } = own[Math.floor(random() * own.length)] ?? { id: '' };
          if (random() < changesPerCut) device.changes.make(other);
          if (random() < readsPerCut) device.read(other);
          // It is repeated over a lost answer; whether it came to pass, the log tells.
          if (random() < regroupsPerCut) regrouped.push(regroup(leader, group, guestId).catch(() => undefined));
          // Sometimes in the middle of the greeting, sometimes later.
          if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 30));
          device.cut();
          progress(cuts - left);
        }
      }),
    );
    storm.calm();
    const seconds = (performance.now() - startedAt) / 1000;
    report(`connections: ${cuts} cuts in ${seconds.toFixed(0)} s; ${JSON.stringify(storm.happened)}`);

    await Promise.all(regrouped);
    // A storm may draw no change of an existing message, so each conversation gets one afterwards.
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
        const own = conversations.filter((one) => one.devices.some(({ userId }) => userId === person.userId));
        const ids = own.map(({ id }) => id);
        return [person.username, await resumedEvents(test, slug, person, ids)] as const;
      }),
    );
    for (const conversation of conversations) {
      const { id, devices: own } = conversation;
      const [reader] = own;
      if (reader === undefined) throw new Error('Nobody takes part');
      const messages = await pagesOf(reader, id);
      await Promise.all(own.map((device) => device.settles(id, messages)));
      const told = resumes.flatMap(([observer, byConversation]) => {
        const events = byConversation.get(id);
        return events === undefined
          ? []
          : [{ observer, way: 'resume' as const, after: 0, messages: messagesTold(events) }];
      });
      const events = resumes.map(([, byConversation]) => byConversation.get(id)).find((one) => one !== undefined) ?? [];
      const history = await historyOf(conversation, messages, events);
      changes.push(...(history.changes ?? []));
      violations.push(...violationsOf({ ...history, told: [...history.told, ...told] }));
    }
    report(`connections: ${changes.length} changes of messages, ${regrouped.length} of the group`);
    expect(violations).toEqual([]);
    for (const device of listKeepers()) await expectTheList(device);
    // The storm was one.
    const faults = Object.values(storm.happened);
    expect(faults.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(cuts / 3);
    // Few rules of the bus wait for what happens here.
    const possible = Object.keys(roughWeather).filter((kind) => kind !== 'repeatEvent');
    if (isFullSize) expect(Object.keys(storm.happened)).toEqual(expect.arrayContaining(possible));
    expect(changes.length).toBeGreaterThan(cuts * (isFullSize ? 0.05 : 0));
  },
  isFullSize ? 5_400_000 : 400_000,
);
