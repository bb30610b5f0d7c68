import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authentication, type Authentication } from '../../contract/schemas/incident-authentication.ts';
import { type ArrivedDelivery, identityOf, isAuthentic, secretFrom } from './authentication-rules.ts';

const now = 1_767_323_045_000;
const time = String(now / 1000);
const body = '{"type":"message.created","timestamp":"2026-01-02T03:04:05.678Z","data":{"id":"m_1"}}';
const secret = 'a-secret-of-32-characters-length';

const hex = (text: string, key: string | Buffer = secret) => createHmac('sha256', key).update(text).digest('hex');

/** As each sender documents its signature. */
const senders: Readonly<Record<string, { readonly authentication: object; readonly headers: object }>> = {
  pagerduty: {
    authentication: { mode: 'pagerduty' },
    headers: { 'x-pagerduty-signature': `v1=${hex('another key', 'x')},v1=${hex(body)}` },
  },
  jira: { authentication: { mode: 'jira' }, headers: { 'x-hub-signature': `sha256=${hex(body)}` } },
  github: { authentication: { mode: 'github' }, headers: { 'x-hub-signature-256': `sha256=${hex(body)}` } },
  stripe: {
    authentication: { mode: 'stripe' },
    headers: { 'stripe-signature': `t=${time},v0=ignored,v1=${hex(`${time}.${body}`)}` },
  },
  'standard webhooks': {
    authentication: { mode: 'standard-webhooks' },
    headers: {
      ...{ 'webhook-id': 'msg_1', 'webhook-timestamp': time },
      'webhook-signature': `v1,AAAA v1,${createHmac('sha256', secret).update(`msg_1.${time}.${body}`).digest('base64')}`,
    },
  },
  'a profile': {
    authentication: {
      mode: 'hmac',
      profile: {
        ...{ header: 'X-Sign', algorithm: 'sha512', encoding: 'base64', signedString: 'ts.body' },
        timestampHeader: 'x-time',
      },
    },
    headers: {
      'x-time': time,
      'x-sign': createHmac('sha512', secret).update(`${time}.${body}`).digest('base64'),
    },
  },
  'a token': { authentication: { mode: 'token' }, headers: { authorization: `Bearer ${secret}` } },
  'a token in a header': {
    authentication: { mode: 'token', header: 'X-Api-Key' },
    headers: { 'x-api-key': secret },
  },
};

const rows = Object.entries(senders).map(([name, sender]) => {
  const parsed = authentication.parse(sender.authentication);
  const headers = sender.headers as Readonly<Record<string, string>>;
  return { name, parsed, delivery: { headers, bytes: Buffer.from(body) } };
});

const check = (parsed: Authentication, delivery: ArrivedDelivery, secrets = [secret], at = now) =>
  isAuthentic(parsed, secrets, delivery, at);

describe.each(rows)('the authentication of $name', ({ parsed, delivery }) => {
  const isOverBody = parsed.mode !== 'token';

  it('accepts the current secret and a former one', () => {
    expect(check(parsed, delivery)).toBe(true);
    expect(check(parsed, delivery, ['another-secret-of-some-length', secret])).toBe(true);
  });

  it('rejects other secrets, and no secret', () => {
    expect(check(parsed, delivery, [`${secret}x`])).toBe(false);
    expect(check(parsed, delivery, [])).toBe(false);
  });

  it('rejects a delivery without one of its headers', () => {
    for (const name of Object.keys(delivery.headers)) {
      const headers = { ...delivery.headers, [name]: undefined };
      expect(check(parsed, { ...delivery, headers }), name).toBe(false);
    }
  });

  it('rejects a header that was cut, extended or is empty', () => {
    for (const [name, value] of Object.entries(delivery.headers)) {
      const changes = ['', value.slice(0, -2), `${value}00`, value.toUpperCase()].filter(
        (changed) => changed !== value,
      );
      for (const changed of changes) {
        expect(check(parsed, { ...delivery, headers: { ...delivery.headers, [name]: changed } }), changed).toBe(false);
      }
    }
  });

  it.runIf(isOverBody)('rejects another body', () => {
    expect(check(parsed, { ...delivery, bytes: Buffer.from(`${body} `) })).toBe(false);
  });
});

describe('the time of a signature', () => {
  const timed = rows.filter(({ name }) => ['stripe', 'standard webhooks', 'a profile'].includes(name));

  it.each(timed)('may differ by five minutes: $name', ({ parsed, delivery }) => {
    for (const apart of [-300, 300]) expect(check(parsed, delivery, [secret], now + apart * 1000)).toBe(true);
    for (const apart of [-301, 301]) expect(check(parsed, delivery, [secret], now + apart * 1000)).toBe(false);
  });
});

describe('a secret of Standard Webhooks', () => {
  it('verifies the signature that the specification’s library makes', () => {
    const headers = {
      ...{ 'webhook-id': 'msg_01TEST', 'webhook-timestamp': '1767323045' },
      'webhook-signature': 'v1,URx/Tx46rcEN007daSTh7GLthkr5SwuQES9ab7FMhUc=',
    };
    const known = 'whsec_c3dpdGNoYm9hcmQtdGVzdC1zZWNyZXQtMzJieXRlcyE=';
    const parsed = authentication.parse({ mode: 'standard-webhooks' });
    expect(isAuthentic(parsed, [known], { headers, bytes: Buffer.from(body) }, now)).toBe(true);
  });

  it('is made with its prefix, and every other secret without', () => {
    const random = Buffer.alloc(32, 7);
    expect(secretFrom({ mode: 'standard-webhooks' }, random)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(secretFrom({ mode: 'token' }, random)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});

describe('the identity of a delivery', () => {
  const of = (mode: object, headers: Readonly<Record<string, string>>, text = body) =>
    identityOf(authentication.parse(mode), { headers, bytes: Buffer.from(text) });

  it('is the signed id', () => {
    const mode = { mode: 'standard-webhooks' };
    expect(of(mode, { 'webhook-id': 'a' }, 'one')).toBe(of(mode, { 'webhook-id': 'a' }, 'two'));
    expect(of(mode, { 'webhook-id': 'a' })).not.toBe(of(mode, { 'webhook-id': 'b' }));
  });

  it('is the body where the signature does not cover the id', () => {
    const mode = { mode: 'github' };
    expect(of(mode, { 'x-github-delivery': 'a' })).toBe(of(mode, { 'x-github-delivery': 'b' }));
    expect(of(mode, {}, 'one')).not.toBe(of(mode, {}, 'two'));
  });

  it('is the id that a sender with a token chooses, or the body', () => {
    const mode = { mode: 'token' };
    expect(of(mode, { 'idempotency-key': 'a' }, 'one')).toBe(of(mode, { 'idempotency-key': 'a' }, 'two'));
    expect(of(mode, {}, 'one')).not.toBe(of(mode, {}, 'two'));
  });
});
