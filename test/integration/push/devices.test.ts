import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { castOf, conversationOf } from '../people.ts';
import { call, type SignedIn, signIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { newMessage } from '../system/new-message.ts';
import { newToken, Phones } from './phones.ts';

let test: TestRun;
let phones: Phones;

beforeAll(async () => {
  test = await sharedTestRun();
  phones = new Phones(test);
});

afterAll(() => test.stop());

async function list(who: SignedIn) {
  const answer = await call(test.url, 'GET', '/api/v1/devices', { token: who.token });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.items;
}

async function send(from: SignedIn, conversationId: string): Promise<void> {
  const path = `/api/v1/conversations/${conversationId}/messages`;
  const answer = await call(test.url, 'POST', path, { token: from.token, body: newMessage() });
  expect(answer.status, answer.text).toBe(201);
}

describe('registering a device', () => {
  it('answers with 201 for a new device and with 200 for a known token or id', async () => {
    const { alice } = await castOf(test, 'registering');
    const token = newToken();
    const first = await phones.register(alice, token, { appVersion: '1.0.0', language: 'de' });
    expect(first, first.text).toMatchObject({
      status: 201,
      body: { platform: 'apns', appVersion: '1.0.0', language: 'de', enabled: true },
    });
    const again = await phones.register(alice, token.toUpperCase(), { appVersion: '1.1.0' });
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, appVersion: '1.1.0' } });
    const renewed = await phones.register(alice, newToken(), { deviceId: first.body.id });
    expect(renewed).toMatchObject({ status: 200, body: { id: first.body.id, createdAt: first.body.createdAt } });
    expect(await list(alice)).toHaveLength(1);
  });

  it('keeps one endpoint per token, and deletes that of a former token', async () => {
    const { alice } = await castOf(test, 'endpoints');
    const before = await phones.endpoints('GCM');
    const deviceId = 'phone-1';
    for (const token of [newToken(), newToken()]) {
      await phones.register(alice, token, { platform: 'fcm', deviceId });
      await phones.register(alice, token, { platform: 'fcm', deviceId });
    }
    expect((await phones.endpoints('GCM')).length - before.length).toBe(1);
  });

  it('registers the same device once when requests overlap', async () => {
    const { alice, bob } = await castOf(test, 'overlap');
    const id = await conversationOf(test, alice, bob);
    const token = newToken();
    const answers = await Promise.all(Array.from({ length: 6 }, () => phones.register(bob, token)));
    expect(answers.map(({ status }) => status).filter((status) => status > 201)).toEqual([]);
    expect(await list(bob)).toHaveLength(1);
    await phones.announceFirstDevice();
    await send(alice, id);
    expect(await phones.received(token)).toHaveLength(1);
  });

  it('refuses the 21st device, and accepts it when another was deleted', async () => {
    const { alice } = await castOf(test, 'limit');
    for (let count = 0; count < 20; count += 1) await phones.phoneOf(alice);
    expect(await phones.register(alice, newToken())).toMatchObject({
      status: 409,
      body: { code: 'DEVICE_LIMIT_REACHED' },
    });
    const [{ id }] = await list(alice);
    const deleted = await call(test.url, 'DELETE', `/api/v1/devices/${id}`, { token: alice.token });
    expect(deleted.status).toBe(204);
    expect((await phones.register(alice, newToken())).status).toBe(201);
  });
});

describe('a device that changes hands', () => {
  it('gets the pushes of its new user only, also when the former user is of another tenant', async () => {
    const one = await castOf(test, 'former');
    const other = await castOf(test, 'later');
    const [formerChat, laterChat] = await Promise.all([
      conversationOf(test, one.alice, one.bob),
      conversationOf(test, other.alice, other.bob),
    ]);
    const token = newToken();
    expect((await phones.register(one.bob, token)).status).toBe(201);
    expect((await phones.register(other.bob, token)).status).toBe(201);
    await phones.announceFirstDevice();
    await Promise.all([send(one.alice, formerChat), send(other.alice, laterChat)]);
    const received = await phones.received(token);
    expect(received.map(({ payload }) => payload.conversationId)).toEqual([laterChat]);
    expect(await list(one.bob)).toEqual([]);
    expect(await list(other.bob)).toHaveLength(1);
  });

  it('returns to its former user', async () => {
    const { alice, bob, carol } = await castOf(test, 'returning');
    const [ofBob, ofCarol] = [await conversationOf(test, alice, bob), await conversationOf(test, alice, carol)];
    const token = newToken();
    for (const who of [bob, carol, bob]) await phones.register(who, token);
    await phones.announceFirstDevice();
    await Promise.all([send(alice, ofBob), send(alice, ofCarol)]);
    expect((await phones.received(token)).map(({ payload }) => payload.conversationId)).toEqual([ofBob]);
  });
});

describe('the end of a session', () => {
  it('ends the pushes of the devices that the session registered, and of no others', async () => {
    const { slug, alice, bob } = await castOf(test, 'logout');
    const id = await conversationOf(test, alice, bob);
    const second = await signIn(test.url, slug, 'bob@logout.test', 'Correct-Horse-7!');
    const [kept, ended] = [await phones.phoneOf(bob), await phones.phoneOf(second)];
    await phones.announceFirstDevice();
    await call(test.url, 'POST', '/api/v1/auth/logout', { body: { refreshToken: second.refreshToken } });
    await send(alice, id);
    expect(await phones.received(ended)).toEqual([]);
    expect(await phones.received(kept)).toHaveLength(1);
    expect(await list(bob)).toHaveLength(1);
  });
});
