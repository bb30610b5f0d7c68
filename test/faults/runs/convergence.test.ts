import { afterAll, beforeAll, expect, it } from 'vitest';
import { listMessages } from '../../../shared/contract/messages/list-messages.ts';
import { startTestRun, type TestRun } from '../../integration/harness.ts';
import { connect } from '../../integration/people.ts';
import { seededRandom } from '../../integration/log/seeded-random.ts';
import { progressOf, report } from '../../integration/system/report.ts';
import { password } from '../../integration/system/world.ts';
import { violationsOf } from '../history/checker.ts';
import type { ConversationHistory, SeenMessage } from '../history/history.ts';
import type { Violation } from '../history/violations.ts';
import { roughWeather, Storm } from '../plan/storm.ts';
import { isFullSize, seed, sized } from '../scale.ts';
import { type CrowdMember, crowdOf } from './crowd.ts';
import { Device } from './device.ts';
import { killEngine } from './engine-kill.ts';
import { seenOf } from './seen.ts';

/**
 * Real clients on the whole system, whose connections are cut over and over while everything else goes wrong that a
 * storm brings, the table's engine killed included. When it is over, everybody has the same.
 */
const cuts = Number(process.env['CUTS'] ?? sized(10_000, 50));
const engineKills = sized(10, 2);
const names = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay'];
const devicesEach = 2;
const sendsPerCut = 0.3;
const slug = 'storm';

const random = seededRandom(seed);
const storm = new Storm(seed);
let test: TestRun;
let crowd: readonly CrowdMember[];
let devices: readonly Device[] = [];

beforeAll(async () => {
  report(`connections: ${cuts} cuts (seed ${seed})`);
  test = await startTestRun({ faults: storm.plan, pace: { queueRetryAfterMs: 20 } });
  crowd = await crowdOf(test, slug, names);
  const started: Device[] = [];
  for (const { username } of crowd) {
    const login = { tenant: slug, username, password };
    for (let number = 1; number <= devicesEach; number += 1) {
      started.push(await Device.start({ name: `${username}’s device ${number}`, url: test.url, login, random }));
    }
  }
  devices = started;
});

afterAll(async () => {
  for (const device of devices) device.close();
  await test.stop();
});

/** Everybody talks with the next two in the ring. */
async function startConversations(): Promise<readonly { readonly id: string; readonly devices: readonly Device[] }[]> {
  const userIds = [...new Set(devices.map(({ userId }) => userId))];
  const conversations: { id: string; devices: readonly Device[] }[] = [];
  for (const [index, userId] of userIds.entries()) {
    for (const step of [1, 2]) {
      const other = userIds[(index + step) % userIds.length] ?? '';
      const own = devices.filter((device) => device.userId === userId || device.userId === other);
      const id = await own[0]?.startDirect(own[0].userId === userId ? other : userId);
      if (id !== undefined && !conversations.some((one) => one.id === id)) conversations.push({ id, devices: own });
    }
  }
  await Promise.all(conversations.flatMap(({ id, devices: own }) => own.map((device) => device.open(id))));
  return conversations;
}

function pageOf(device: Device | undefined, conversationId: string, after: number) {
  return device?.call(listMessages, { params: { conversationId }, query: { after, limit: 100 } });
}

async function historyOf(id: string, own: readonly Device[]): Promise<ConversationHistory> {
  const log: SeenMessage[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const answer = await pageOf(own[0], id, after);
    if (answer?.ok !== true) throw new Error('The history cannot be read');
    log.push(...answer.body.items.map(seenOf));
    after = answer.body.nextCursor === null ? undefined : Number(answer.body.nextCursor);
  }
  const sent = (await Promise.all(own.map((device) => device.sent(id)))).flat();
  return {
    conversationId: id,
    sent,
    log: log.map((message) => ({ seq: message.seq, message })),
    told: own.map((device) => ({ observer: device.name, way: 'live', after: 0, messages: device.told(id) })),
  };
}

/** What a new connection of somebody is told of, from the beginning, by conversation. */
async function resumed(
  person: CrowdMember,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly SeenMessage[]>> {
  const socket = await connect(test, person);
  await socket.request('hello', { resume: Object.fromEntries(ids.map((id) => [id, 0])) });
  await socket.frame((frame) => frame.type === 'sync.page' && frame.data.complete, 60_000);
  await socket.close();
  const events = socket.frames.filter(({ type }) => type === 'sync.page').flatMap((page) => page.data.events);
  const messages = new Map<string, SeenMessage[]>(ids.map((id) => [id, []]));
  for (const { type, conversationId, data } of events) {
    if (type === 'message.created') messages.get(conversationId)?.push(seenOf(data));
  }
  return messages;
}

it(`everybody converges after ${cuts} cuts (seed ${seed})`, async () => {
  const conversations = await startConversations();
  let left = cuts;
  storm.begin();
  const kill = Math.floor(cuts / (engineKills + 1));
  const startedAt = performance.now();
  const progress = progressOf('cuts', cuts);
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

  for (const { id, devices: own } of conversations) {
    const count = own.reduce((sum, device) => sum + device.sentCount(id), 0);
    await Promise.all(own.map((device) => device.hears(id, count)));
  }
  await test.run.settled();
  const violations: Violation[] = [];
  const resumes = new Map(
    await Promise.all(
      crowd.map(async (person) => {
        const own = conversations.filter((one) => one.devices.some(({ userId }) => userId === person.userId));
        const ids = own.map(({ id }) => id);
        return [person, await resumed(person, ids)] as const;
      }),
    ),
  );
  for (const { id, devices: own } of conversations) {
    const history = await historyOf(id, own);
    const told = [...resumes].flatMap(([{ username }, byConversation]) => {
      const messages = byConversation.get(id);
      return messages === undefined ? [] : [{ observer: username, way: 'resume' as const, after: 0, messages }];
    });
    violations.push(...violationsOf({ ...history, told: [...history.told, ...told] }));
  }
  expect(violations).toEqual([]);
  // The storm was one.
  const faults = Object.values(storm.happened);
  expect(faults.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(cuts / 3);
  // No rule of the bus waits for messages.
  const possible = Object.keys(roughWeather).filter((kind) => kind !== 'repeatEvent');
  if (isFullSize) expect(Object.keys(storm.happened).sort()).toEqual(possible.sort());
});
