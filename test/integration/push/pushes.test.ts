import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weekdays } from '../../../shared/contract/schemas/notification.ts';
import { groupCalls } from '../groups/group-calls.ts';
import type { TestRun } from '../harness.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { call, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { newMessage } from '../system/new-message.ts';
import { Phones } from './phones.ts';

const consumerName = 'switchboard-dev-send-pushes';
const weekend = { timeZone: 'UTC', from: '00:00', to: '00:00', days: [...weekdays] };

let test: TestRun;
let phones: Phones;
/** Of each event, to the consumer of pushes. */
let deliveries = 1;

beforeAll(async () => {
  test = await sharedTestRun({ deliveries: (ruleName) => (ruleName === consumerName ? deliveries : 1) });
  phones = new Phones(test);
});

afterAll(() => test.stop());

async function succeed(who: SignedIn, method: string, path: string, body?: object) {
  const answer = await call(test.url, method, `/api/v1${path}`, { token: who.token, ...(body && { body }) });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body;
}

function send(from: SignedIn, conversationId: string, change: object = {}): Promise<{ readonly seq: number }> {
  return succeed(from, 'POST', `/conversations/${conversationId}/messages`, { ...newMessage(), ...change });
}

/** Alice writes to Bob, who has a phone. */
async function pairOf(name: string, settings: Parameters<typeof castOf>[2] = { messagesPerMinute: null }) {
  const cast = await castOf(test, name, settings);
  const id = await conversationOf(test, cast.alice, cast.bob);
  const phone = await phones.phoneOf(cast.bob);
  await phones.announceFirstDevice();
  return { ...cast, id, phone };
}

describe('a push', () => {
  it('shows ids and counts only by default, and replaces the former one of the conversation', async () => {
    const { alice, id, phone } = await pairOf('contents');
    const { seq } = await send(alice, id, { text: 'a secret' });
    const [push] = await phones.received(phone);
    expect(push?.payload).toEqual({
      aps: {
        alert: { 'loc-key': 'PUSH_MESSAGE' },
        badge: 1,
        sound: 'default',
        'thread-id': id,
        'mutable-content': 1,
        'interruption-level': 'active',
      },
      ...{ kind: 'message', conversationId: id, seq },
    });
    expect(push?.attributes).toMatchObject({
      'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'alert',
      'AWS.SNS.MOBILE.APNS.PRIORITY': '10',
      'AWS.SNS.MOBILE.APNS.COLLAPSE_ID': id,
    });
  });

  it.each([
    ['sender', { title: 'alice Test', 'loc-key': 'PUSH_MESSAGE' }],
    ['text', { title: 'alice Test', body: 'lunch?' }],
  ] as const)('shows more if the tenant chose %s', async (pushContent, alert) => {
    const { alice, id, phone } = await pairOf(`shows-${pushContent}`, { pushContent });
    await send(alice, id, { text: 'lunch?' });
    expect((await phones.received(phone)).map(({ payload }) => payload.aps.alert)).toEqual([alert]);
  });

  it('reaches Android by its own form, with texts as data', async () => {
    const { alice, bob, id } = await pairOf('android');
    const phone = await phones.phoneOf(bob, 'fcm');
    const { seq } = await send(alice, id);
    const [push] = await phones.received(phone);
    expect(push?.payload.fcmV1Message.message).toMatchObject({
      data: { kind: 'message', conversationId: id, seq: String(seq) },
      android: { priority: 'high', notification: { body_loc_key: 'PUSH_MESSAGE', tag: id, notification_count: 1 } },
    });
  });

  it('goes to every other participant of a group, and to those whom it mentions as such', async () => {
    const { alice, bob, carol, phone } = await pairOf('group');
    const ofCarol = await phones.phoneOf(carol);
    const ofAlice = await phones.phoneOf(alice);
    const id = await groupCalls(test).started(alice, [bob, carol]);
    await send(alice, id, { mentions: [carol.userId] });
    const kinds = async (token: string) => (await phones.received(token)).map(({ payload }) => payload.kind);
    expect(await kinds(phone)).toEqual(['message']);
    expect(await kinds(ofCarol)).toEqual(['mention']);
    expect(await kinds(ofAlice)).toEqual([]);
  });

  it('is sent once per message and device when events arrive five times and in any order', async () => {
    const { alice, bob, id, phone } = await pairOf('repeated');
    const second = await phones.phoneOf(bob, 'fcm');
    deliveries = 5;
    const seqs = await Promise.all(Array.from({ length: 6 }, async () => (await send(alice, id)).seq));
    await test.run.settled();
    deliveries = 1;
    const sorted = [...seqs].sort((one, other) => one - other);
    const bySeq = (received: readonly { readonly payload: { readonly seq: number } }[]) =>
      received.map(({ payload }) => payload.seq).sort((one, other) => one - other);
    expect(bySeq(await phones.received(phone))).toEqual(sorted);
    const android = await phones.received(second);
    expect(android.map(({ payload }) => Number(payload.fcmV1Message.message.data.seq)).sort((a, b) => a - b)).toEqual(
      sorted,
    );
  });
});

describe('a badge', () => {
  it('equals the unread count of the user', async () => {
    const { alice, bob, carol, id, phone } = await pairOf('badge');
    const group = await groupCalls(test).started(alice, [bob, carol]);
    const badges: number[] = [];
    for (const [from, to] of [
      [alice, id],
      [carol, group],
      [alice, group],
      [alice, id],
    ] as const) {
      await send(from, to);
      const received = await phones.received(phone);
      badges.push(received.at(-1)?.payload.aps.badge);
      const { messages } = await succeed(bob, 'GET', '/conversations/unread-count');
      expect(badges.at(-1)).toBe(messages);
    }
    expect(badges).toEqual([1, 2, 3, 4]);
    await succeed(bob, 'POST', `/conversations/${group}/receipts`, { readSeq: 3 });
    await send(alice, id);
    expect((await phones.received(phone)).at(-1)?.payload.aps.badge).toBe(3);
  });
});

describe('a user gets no push', () => {
  it('while at a device, and gets the next one after it is away', async () => {
    const { alice, bob, id, phone } = await pairOf('looking');
    const socket = await connect(test, bob);
    await socket.request('hello', {});
    await send(alice, id);
    expect(await phones.received(phone)).toEqual([]);
    await socket.request('presence.update', { status: 'away' });
    await send(alice, id);
    expect(await phones.received(phone)).toHaveLength(1);
    await socket.close();
  });

  it('in quiet hours, of a kind that is off, and about a muted conversation', async () => {
    const { alice, bob, id, phone } = await pairOf('quiet');
    const prefer = (preferences: object) =>
      succeed(bob, 'PUT', '/notifications/preferences', { kinds: {}, ...preferences });
    await prefer({ quietHours: weekend });
    await send(alice, id);
    await prefer({ push: { message: 'off' } });
    await send(alice, id);
    await prefer({});
    await succeed(bob, 'PUT', `/conversations/${id}/mute`, {});
    await send(alice, id, { mentions: [bob.userId] });
    expect(await phones.received(phone)).toEqual([]);
    await succeed(bob, 'PUT', `/conversations/${id}/mute`, { until: '2020-01-01T00:00:00Z' });
    await send(alice, id);
    expect(await phones.received(phone)).toHaveLength(1);
  });

  it('after an administrator suspended the account', async () => {
    const { slug, alice, bob, id, phone } = await pairOf('suspended');
    const admin = await adminOf(slug, 'suspended');
    await succeed(admin, 'POST', `/admin/users/${bob.userId}/suspend`);
    await send(alice, id);
    expect(await phones.received(phone)).toEqual([]);
  });
});

async function adminOf(slug: string, name: string): Promise<SignedIn> {
  const { signIn } = await import('../raw-client.ts');
  const password = 'Correct-Horse-7!';
  const email = `admin@${name}.test`;
  const person = { username: 'admin', email, firstName: 'Admin', lastName: 'Test', password };
  await test.provision({ command: 'createAdmin', tenant: slug, ...person });
  return signIn(test.url, slug, email, password);
}

describe('what is read on another device', () => {
  it('is withdrawn from the phone without an alert', async () => {
    const { alice, bob, id, phone } = await pairOf('withdrawn');
    const { seq } = await send(alice, id);
    await test.run.settled();
    await succeed(bob, 'POST', `/conversations/${id}/receipts`, { readSeq: seq });
    const [, withdrawal] = await phones.received(phone);
    expect(withdrawal?.payload).toEqual({
      aps: { 'content-available': 1 },
      ...{ kind: 'read', conversationId: id, readSeq: seq, unreadCount: 0 },
    });
    expect(withdrawal?.attributes).toMatchObject({
      'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'background',
      'AWS.SNS.MOBILE.APNS.PRIORITY': '5',
    });
  });
});

describe('SNS', () => {
  it('disables the device whose token is dead, until the app registers it again', async () => {
    const { alice, bob, id, phone } = await pairOf('dead');
    await phones.disableEndpoints('APNS');
    await send(alice, id);
    expect(await phones.received(phone)).toEqual([]);
    expect((await succeed(bob, 'GET', '/devices')).items).toMatchObject([{ enabled: false }]);
    expect(await phones.register(bob, phone)).toMatchObject({ status: 200, body: { enabled: true } });
    await send(alice, id);
    expect(await phones.received(phone)).toHaveLength(1);
  });

  it('may lose an endpoint. The device is deleted', async () => {
    const { alice, bob, id, phone } = await pairOf('lost');
    await phones.deleteEndpoints('APNS');
    await send(alice, id);
    expect(await phones.received(phone)).toEqual([]);
    expect((await succeed(bob, 'GET', '/devices')).items).toEqual([]);
  });

  it('may disable a platform. Its pushes are dropped, and the dead-letter queue stays empty', async () => {
    const { alice, id, phone } = await pairOf('stopped');
    await phones.setPlatformEnabled('APNS', false);
    await send(alice, id);
    expect(await phones.received(phone)).toEqual([]);
    await phones.setPlatformEnabled('APNS', true);
    await send(alice, id);
    expect(await phones.received(phone)).toHaveLength(1);
  });
});

describe('a tenant without devices', () => {
  it('never starts the consumer', async () => {
    const { alice, bob } = await castOf(test, 'nobody');
    const id = await conversationOf(test, alice, bob);
    const runs = () =>
      test.run.recorder.invocations().filter(({ functionName }) => functionName === consumerName).length;
    await test.run.settled();
    const before = runs();
    await send(alice, id);
    await test.run.settled();
    expect(runs()).toBe(before);
  });
});
