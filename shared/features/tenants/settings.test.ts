import { describe, expect, it } from 'vitest';
import { allowsOrigin, standardSettings, tenantSettingsSchema } from './settings.ts';
import { settingsChangeSchema } from './settings-change.ts';

describe('the settings of a tenant', () => {
  it('have a standard for everything', () => {
    expect(standardSettings).toEqual({
      name: 'Switchboard',
      registration: 'open',
      emailVerification: 'optional',
      messagesPerMinute: 10,
      textLength: 2000,
      editWindowMinutes: 15,
      groupSize: 500,
      attachmentBytes: 10 * 1024 * 1024,
      attachmentsPerMessage: 10,
      userQuotaBytes: 1024 ** 3,
      tenantQuotaBytes: 100 * 1024 ** 3,
      search: 'on',
      allowedOrigins: [],
    });
  });

  it('keep what the tenant has decided, no limit included', () => {
    expect(tenantSettingsSchema.parse({ messagesPerMinute: null, textLength: 500 })).toMatchObject({
      messagesPerMinute: null,
      textLength: 500,
      registration: 'open',
    });
  });

  it('bring no standard into a change: what is not named is not decided', () => {
    expect(settingsChangeSchema.parse({ textLength: 500 })).toEqual({ textLength: 500 });
  });

  it.each([
    { messagesPerMinute: 0 },
    { textLength: 10_001 },
    { registration: 'maybe' },
    { search: 'sometimes' },
    { name: ' ' },
    { name: 'two\nlines' },
    { allowedOrigins: ['https://chat.example/path'] },
    { allowedOrigins: ['*'] },
    { unknown: true },
  ])('refuse %j', (change) => {
    expect(settingsChangeSchema.safeParse(change).success).toBe(false);
  });
});

describe('the origins of a tenant', () => {
  const picky = { ...standardSettings, allowedOrigins: ['https://chat.example'] };

  it('may be any while the tenant has named none', () => {
    expect(allowsOrigin(standardSettings, 'https://anywhere.example')).toBe(true);
  });

  it('are exactly those that it has named, and clients without an origin are no browsers', () => {
    expect(allowsOrigin(picky, 'https://chat.example')).toBe(true);
    expect(allowsOrigin(picky, undefined)).toBe(true);
    for (const origin of [
      'https://chat.example.evil.example',
      'https://xchat.example',
      'http://chat.example',
      'null',
    ]) {
      expect(allowsOrigin(picky, origin), origin).toBe(false);
    }
  });
});
