import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deliveryIdOf, isFromSystem } from './sender-signature.ts';

const body = Buffer.from('{"a":1}');
const signed = (secret: string, bytes: Uint8Array = body) =>
  `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;

describe('isFromSystem', () => {
  it('accepts the signature of Jira with one of the secrets', () => {
    expect(isFromSystem('jira', { 'x-hub-signature': signed('former') }, body, ['new', 'former'])).toBe(true);
  });

  /** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation */
  it('agrees with a published vector of the same scheme', () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const headers = { 'x-hub-signature': signature };
    expect(isFromSystem('jira', headers, Buffer.from('Hello, World!'), ["It's a Secret to Everybody"])).toBe(true);
  });

  it('accepts the token of ServiceNow and the signature of REST systems', () => {
    expect(isFromSystem('service-now', { 'x-switchboard-token': 'secret' }, body, ['secret'])).toBe(true);
    expect(isFromSystem('rest', { 'x-switchboard-signature': signed('secret') }, body, ['secret'])).toBe(true);
  });

  it.each([
    ['jira', {}],
    ['jira', { 'x-hub-signature': '' }],
    ['jira', { 'x-hub-signature': signed('other') }],
    ['jira', { 'x-hub-signature': signed('secret', Buffer.from('{"a":2}')) }],
    ['jira', { 'x-hub-signature': signed('secret').toUpperCase() }],
    ['jira', { 'x-switchboard-token': 'secret' }],
    ['service-now', { 'x-switchboard-token': 'Secret' }],
    ['service-now', { 'x-hub-signature': signed('secret') }],
    ['rest', { 'x-hub-signature': signed('secret') }],
  ] as const)('rejects %s with %j', (kind, headers) => {
    expect(isFromSystem(kind, headers, body, ['secret'])).toBe(false);
  });

  it('rejects everything without a secret', () => {
    expect(isFromSystem('jira', { 'x-hub-signature': signed('') }, body, [])).toBe(false);
  });
});

describe('deliveryIdOf', () => {
  it('is the same for each attempt of Jira, and otherwise for each equal body', () => {
    const attempt = { 'x-atlassian-webhook-identifier': 'a' };
    expect(deliveryIdOf(attempt, body)).toBe(deliveryIdOf(attempt, Buffer.from('other')));
    expect(deliveryIdOf({}, body)).toBe(deliveryIdOf({}, body));
    expect(deliveryIdOf({}, body)).not.toBe(deliveryIdOf({}, Buffer.from('other')));
  });
});
