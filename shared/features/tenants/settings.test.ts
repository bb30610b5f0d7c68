import { describe, expect, it } from 'vitest';
import { allowsOrigin, standardSettings, tenantSettingsSchema } from './settings.ts';
import { settingsChangeSchema } from './settings-change.ts';

describe('the settings of a tenant', () => {
  it('has a default for every setting', () => {
    expect(standardSettings).toEqual({
      name: 'Switchboard',
      registration: 'open',
      emailVerification: 'optional',
      guests: 'on',
      messagesPerMinute: 10,
      textLength: 2000,
      editWindowMinutes: 15,
      groupSize: 500,
      attachmentBytes: 10 * 1024 * 1024,
      attachmentsPerMessage: 10,
      userQuotaBytes: 1024 ** 3,
      tenantQuotaBytes: 100 * 1024 ** 3,
      search: 'on',
      pushContent: 'none',
      allowedOrigins: [],
    });
  });

  it('keeps the tenant’s choices, including “no limit”', () => {
    expect(tenantSettingsSchema.parse({ messagesPerMinute: null, textLength: 500 })).toMatchObject({
      messagesPerMinute: null,
      textLength: 500,
      registration: 'open',
    });
  });

  it('adds no defaults to a change', () => {
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
  ])('rejects %j', (change) => {
    expect(settingsChangeSchema.safeParse(change).success).toBe(false);
  });
});

describe('allowsOrigin', () => {
  const picky = { ...standardSettings, allowedOrigins: ['https://chat.example'] };

  it('allows any origin when the tenant names none', () => {
    expect(allowsOrigin(standardSettings, 'https://anywhere.example')).toBe(true);
  });

  it('allows exactly the named origins, and clients without an origin', () => {
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
