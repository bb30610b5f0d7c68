import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryLimits } from '../../../shared/features/incidents/delivery-limits.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import { succeed } from '../desk/desk-calls.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Tables } from '../system/tables.ts';
import {
  deliver,
  deliveriesOf,
  hmac,
  newSource,
  sendRaw,
  type SentDelivery,
  type TestSource,
  withToken,
} from './incident-calls.ts';

let test: TestRun;
let desk: Desk;

beforeAll(async () => {
  test = await sharedTestRun();
  desk = await deskOf(test, 'receiving');
}, 120_000);
afterAll(() => test.stop());

/** Keys of these incidents are unknown, so they open no conversation. */
const ending = () => JSON.stringify({ incidentKey: ulid(), event: 'close', title: 'Größe “ok” 😀' });
const seconds = () => String(Math.floor(Date.now() / 1000));

type Sign = (secret: string, body: string) => Readonly<Record<string, string>>;

const signers: Readonly<Record<string, { readonly authentication: object; readonly sign: Sign }>> = {
  'standard-webhooks': {
    authentication: { mode: 'standard-webhooks' },
    sign: (secret, body) => {
      const [id, time] = [`msg_${ulid()}`, seconds()];
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const signature = `v1,${hmac(key, `${id}.${time}.${body}`, 'base64')}`;
      return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature };
    },
  },
  pagerduty: {
    authentication: { mode: 'pagerduty' },
    sign: (secret, body) => ({ 'x-pagerduty-signature': `v1=${hmac(secret, body)}` }),
  },
  jira: {
    authentication: { mode: 'jira' },
    sign: (secret, body) => ({ 'x-hub-signature': `sha256=${hmac(secret, body)}` }),
  },
  github: {
    authentication: { mode: 'github' },
    sign: (secret, body) => ({ 'x-hub-signature-256': `sha256=${hmac(secret, body)}` }),
  },
  stripe: {
    authentication: { mode: 'stripe' },
    sign: (secret, body) => {
      const time = seconds();
      return { 'stripe-signature': `t=${time},v1=${hmac(secret, `${time}.${body}`)}` };
    },
  },
  hmac: {
    authentication: {
      mode: 'hmac',
      profile: { header: 'x-sign', algorithm: 'sha512', encoding: 'base64', signedString: 'body', prefix: 'k1:' },
    },
    sign: (secret, body) => ({ 'x-sign': `k1:${hmac(secret, body, 'base64', 'sha512')}` }),
  },
  token: { authentication: { mode: 'token' }, sign: (secret) => ({ authorization: `Bearer ${secret}` }) },
  'a token of its own header': {
    authentication: { mode: 'token', header: 'x-api-key' },
    sign: (secret) => ({ 'x-api-key': secret }),
  },
};

describe.each(Object.entries(signers))('a source with the authentication %s', (_, { authentication, sign }) => {
  let source: TestSource;

  beforeAll(async () => {
    source = await newSource(test, desk.admin, { authentication });
  });
  afterAll(() => succeed(test, desk.admin, 'DELETE', `/admin/sources/${source.id}`));

  it('accepts what its secret signs, and recognises a repetition', async () => {
    const body = ending();
    const delivery: SentDelivery = { raw: body, headers: sign(source.secret, body) };
    const first = await sendRaw(test, source.id, delivery);
    const again = await sendRaw(test, source.id, delivery);
    expect(first).toMatchObject({ status: 202, body: { accepted: true, duplicate: false } });
    expect(again).toMatchObject({ status: 202, body: { ...first.body, duplicate: true } });
  });

  it('answers another secret, another body and no proof like an unknown source', async () => {
    const body = ending();
    const wrong = sign(`${source.secret.slice(0, -3)}AAA`, body);
    const answers = await Promise.all([
      sendRaw(test, source.id, { raw: body, headers: wrong }),
      sendRaw(test, source.id, { raw: body, headers: {} }),
      sendRaw(test, ulid(), { raw: body, headers: sign(source.secret, body) }),
    ]);
    const texts = answers.map(({ text }) => text.replace(/"(requestId|instance)":"[^"]*",?/g, ''));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(texts).size).toBe(1);
    const refused = await deliveriesOf(test, desk.admin, source, '&outcome=refused');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ reason }) => reason === 'not-authentic')).toBe(true);
  });
});

describe('a source', () => {
  it('accepts two secrets while they rotate, and at most two', async () => {
    const { admin } = desk;
    const source = await newSource(test, admin);
    const path = `/admin/sources/${source.id}`;
    const status = async (secret: string) =>
      (await sendRaw(test, source.id, withToken({ ...source, secret }, JSON.parse(ending())))).status;

    const second = await succeed(test, admin, 'POST', `${path}/secret`, {});
    expect([await status(source.secret), await status(second.secret)]).toEqual([202, 202]);
    const third = await succeed(test, admin, 'POST', `${path}/secret`, { overlapHours: 0, force: true });
    expect([await status(source.secret), await status(second.secret), await status(third.secret)]).toEqual([
      ...[401, 401, 202],
    ]);
    expect(third.source.secrets).toHaveLength(1);
    expect(JSON.stringify(await succeed(test, admin, 'GET', path))).not.toContain(third.secret);
  });

  it('accepts nothing while it is disabled, and after it is deleted', async () => {
    const { admin } = desk;
    const source = await newSource(test, admin);
    const path = `/admin/sources/${source.id}`;
    const send = async () => (await deliver(test, source, JSON.parse(ending()))).status;

    expect(await send()).toBe(202);
    await succeed(test, admin, 'PATCH', path, { enabled: false });
    expect(await send()).toBe(401);
    await succeed(test, admin, 'PATCH', path, { enabled: true });
    expect(await send()).toBe(202);
    await succeed(test, admin, 'DELETE', path);
    expect(await send()).toBe(401);
  });

  it('accepts 256 KiB and any bytes, and records what it cannot read', async () => {
    const { admin } = desk;
    const source = await newSource(test, admin);
    const { headers } = withToken(source, {});
    const large = { raw: `{"a":"${'x'.repeat(256 * 1024 - 8)}"}`, headers };
    const random = crypto.getRandomValues(new Uint8Array(64 * 1024));
    expect((await sendRaw(test, source.id, large)).status).toBe(202);
    expect((await sendRaw(test, source.id, { raw: `${large.raw} `, headers })).status).toBe(413);
    expect((await sendRaw(test, source.id, { raw: random, headers })).status).toBe(202);
    await test.run.settled();
    const deliveries = await deliveriesOf(test, admin, source);
    expect(deliveries.map(({ reason }) => reason).sort()).toEqual(['not-json', 'not-of-this-kind']);
  });

  it('receives a number of deliveries, and then says when to send again', async () => {
    const source = await newSource(test, desk.admin);
    const { pk, sk } = keys.attempts(`${deliveryLimits.authentic.name}#${source.id}`);
    const filledTo = Date.now() + deliveryLimits.authentic.burst * deliveryLimits.authentic.intervalMs + 5000;
    await new Tables(test.run).put({ pk: `T#${desk.admin.tenantId}#${pk}`, sk, filledTo });
    const answer = await deliver(test, source, JSON.parse(ending()));
    expect(answer).toMatchObject({ status: 429, body: { code: 'TOO_MANY_DELIVERIES', retryable: true } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is in no other tenant', async () => {
    const other = await deskOf(test, 'receiving-other');
    const source = await newSource(test, desk.admin);
    await deliver(test, source, JSON.parse(ending()));
    const answer = await other.get(other.admin, `/admin/sources/${source.id}/deliveries`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'SOURCE_NOT_FOUND' } });
  });
});
