import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ulid } from 'ulid';
import { succeed } from '../desk/desk-calls.ts';
import { startTestRun, type OwnTestRun } from '../harness.ts';
import { castOf, type Cast, conversationOf } from '../people.ts';
import type { SignedIn } from '../raw-client.ts';
import { eventIn, learnSinks, newAdmin, newWebhook, receiverAt } from './webhook-calls.ts';

let test: OwnTestRun;
let cast: Cast;
let admin: SignedIn;
let conversation: string;

beforeAll(async () => {
  test = await startTestRun();
  cast = await castOf(test, 'hooks');
  admin = await newAdmin(test, cast.slug);
  conversation = await conversationOf(test, cast.alice, cast.bob);
  await newWebhook(test, admin, 'first', { types: ['sla.changed'] });
  await learnSinks(test);
});
afterAll(() => test.stop());

async function send(count = 1, from = cast.alice, into = conversation): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    await succeed(test, from, 'POST', `/conversations/${into}/messages`, {
      clientMessageId: ulid(Date.now() + test.run.timers.clockOffsetMs),
      type: 'text',
      text: `hello ${sent}`,
    });
  }
}

const deliveriesOf = async (id: string, query = '') =>
  (await succeed(test, admin, 'GET', `/admin/webhooks/${id}/deliveries${query}`)).items as readonly {
    readonly id: string;
    readonly status: string;
    readonly attempts: number;
    readonly error?: string;
  }[];

describe('a webhook', () => {
  it('receives an event with ids only, which an independent library verifies', async () => {
    const { id, secret, host } = await newWebhook(test, admin, 'verified');
    await send();
    await test.run.settled();
    const [request, ...others] = test.run.farSides.requests(host);
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hooks?key=of-verified',
      headers: { 'content-type': 'application/json', 'user-agent': 'Switchboard-Webhooks/1' },
    });
    if (request === undefined) throw new Error('Nothing was received');
    const event = eventIn(request);
    expect(event).toMatchObject({ type: 'message.created', data: { conversationId: conversation } });
    expect(Object.keys(event).sort()).toEqual(['at', 'data', 'id', 'tenantId', 'type']);
    expect(request.body).not.toContain('hello');
    expect(new Webhook(secret).verify(request.body, request.headers)).toEqual(event);
    expect(await deliveriesOf(id)).toMatchObject([
      { id: request.headers['webhook-id'], status: 'delivered', attempts: 1 },
    ]);
  });

  it('is paused after a failure, and then receives everything in order', async () => {
    const { id, host } = await newWebhook(test, admin, 'paused');
    test.run.farSides.behave(host, { kind: 'answer', status: 503 });
    await send(3);
    await test.run.settled();
    expect(test.run.farSides.requests(host)).toHaveLength(1);
    expect(await deliveriesOf(id, '?status=pending')).toHaveLength(3);
    expect(await succeed(test, admin, 'GET', `/admin/webhooks/${id}`)).toMatchObject({
      enabled: true,
      failingSince: expect.any(String) as unknown,
      pausedUntil: expect.any(String) as unknown,
    });
    test.run.farSides.behave(host, { kind: 'answer', status: 204 });
    test.run.timers.advance(10_000);
    await test.run.settled();
    test.run.timers.advance(10_000);
    await test.run.settled();
    expect((await deliveriesOf(id)).map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    const seqs = test.run.farSides.requests(host).map((request) => eventIn(request).data.seq);
    expect(seqs).toEqual([seqs[0], ...[0, 1, 2].map((more) => (seqs[0] ?? 0) + more)]);
  });

  it('is disabled by 410, and keeps later events for replay', async () => {
    const { id, host } = await newWebhook(test, admin, 'gone');
    test.run.farSides.behave(host, { kind: 'answer', status: 410 });
    await send();
    await test.run.settled();
    await send();
    await test.run.settled();
    expect(await succeed(test, admin, 'GET', `/admin/webhooks/${id}`)).toMatchObject({
      enabled: false,
      disabledReason: 'gone',
    });
    expect(await deliveriesOf(id)).toMatchObject([
      { status: 'failed', error: 'disabled', attempts: 0 },
      { status: 'failed', error: 'gone', attempts: 1 },
    ]);
    test.run.farSides.behave(host, { kind: 'answer', status: 200 });
    await succeed(test, admin, 'PATCH', `/admin/webhooks/${id}`, { enabled: true });
    await succeed(test, admin, 'POST', `/admin/webhooks/${id}/replays`, { since: '2020-01-01T00:00:00Z' });
    await test.run.settled();
    expect(await deliveriesOf(id)).toMatchObject([
      { status: 'delivered', replays: 1 },
      { status: 'delivered', replays: 1 },
    ]);
    expect(await succeed(test, admin, 'GET', `/admin/webhooks/${id}`)).toMatchObject({
      replay: { status: 'ended', replayed: 2 },
    });
    const ids = test.run.farSides.requests(host).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
  });

  it('can be tested, which shows the result and changes nothing', async () => {
    const { id, host, secret } = await newWebhook(test, admin, 'tested');
    test.run.farSides.behave(host, { kind: 'answer', status: 410, body: 'no more' });
    const result = await succeed(test, admin, 'POST', `/admin/webhooks/${id}/test`, {});
    expect(result).toMatchObject({ delivered: false, httpStatus: 410, error: 'status', answer: 'no more' });
    const [request] = test.run.farSides.requests(receiverAt('tested'));
    expect(request && new Webhook(secret).verify(request.body, request.headers)).toMatchObject({
      type: 'webhook.test',
    });
    expect(await succeed(test, admin, 'GET', `/admin/webhooks/${id}`)).toMatchObject({ enabled: true });
    expect(await deliveriesOf(id)).toEqual([]);
  });
});
