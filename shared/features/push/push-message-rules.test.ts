import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pushPlatforms } from '../../contract/schemas/device.ts';
import { pushKinds } from '../../contract/schemas/notification.ts';
import { alertMessage, collapseIdOf, lifeSeconds, mostBytes, withdrawalMessage } from './push-message-rules.ts';
import type { Push } from './push.ts';

const at = Date.UTC(2026, 10, 21);
const base: Push = {
  ...{ userId: '01KAJ70A5CE8G1H3J6K9M2P4QR', kind: 'message', conversationId: '01KAJ72N4DF7H0J3M6P9R2T5VW' },
  ...{ seq: 42, shown: {}, validUntil: at + 60_000 },
};
const payloadOf = (message: string, platform: string): string =>
  (JSON.parse(message) as Record<string, string>)[platform] ?? '';
const apsOf = (payload: string) => (JSON.parse(payload) as { readonly aps: { readonly alert?: object } }).aps;
const key = { fcm: 'GCM', apns: 'APNS', 'apns-sandbox': 'APNS_SANDBOX' } as const;

describe('a push message', () => {
  it('fits the budget with any text, and keeps its beginning', () => {
    const any = fc.record({
      text: fc.string({ unit: 'binary', maxLength: 6000 }),
      sender: fc.string({ maxLength: 101 }),
    });
    fc.assert(
      fc.property(any, fc.constantFrom(...pushPlatforms), (shown, platform) => {
        const { message } = alertMessage(platform, { ...base, shown }, 3, at);
        const payload = payloadOf(message, key[platform]);
        expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(mostBytes);
        expect(payload.isWellFormed()).toBe(true);
      }),
    );
  });

  it('keeps a text that fits', () => {
    const { message } = alertMessage('apns', { ...base, shown: { sender: 'Ada', text: 'Grüße 👋' } }, 3, at);
    expect(apsOf(payloadOf(message, 'APNS')).alert).toEqual({ title: 'Ada', body: 'Grüße 👋' });
  });

  it('has a collapse id that APNs accepts for every kind', () => {
    for (const kind of pushKinds) {
      expect(
        collapseIdOf({ ...base, kind, seq: 999_999_999_999, metric: 'first-response' }).length,
      ).toBeLessThanOrEqual(64);
    }
  });

  it('has a life that ends with its use', () => {
    expect(alertMessage('fcm', base, 1, at + 500).attributes).toEqual({ 'AWS.SNS.MOBILE.FCM.TTL': '59' });
    expect(lifeSeconds(base, at + 60_000)).toBe(0);
  });

  it('withdraws silently, with the priority that APNs requires', () => {
    const { attributes, message } = withdrawalMessage('apns-sandbox', { conversationId: 'c', readSeq: 4 }, 0);
    expect(attributes).toMatchObject({
      'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'background',
      'AWS.SNS.MOBILE.APNS.PRIORITY': '5',
      'AWS.SNS.MOBILE.APNS_SANDBOX.TTL': '600',
    });
    expect(apsOf(payloadOf(message, 'APNS_SANDBOX'))).toEqual({ 'content-available': 1 });
  });
});
