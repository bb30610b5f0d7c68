import { describe, expect, it } from 'vitest';
import { instantParameter, sentInstant } from './instant.ts';

describe('an instant', () => {
  it.each([
    ['2026-11-21T09:30:00.000Z', '2026-11-21T09:30:00.000Z'],
    ['2026-11-21T09:30:00Z', '2026-11-21T09:30:00.000Z'],
    ['2026-11-21T09:30:00+00:00', '2026-11-21T09:30:00.000Z'],
    ['2026-11-21T09:30:00-00:00', '2026-11-21T09:30:00.000Z'],
    ['2026-11-21T09:30:00+05:45', '2026-11-21T03:45:00.000Z'],
    ['2026-12-31T23:30:00.5-01:00', '2027-01-01T00:30:00.500Z'],
    ['2026-11-21t09:30:00.123456789z', '2026-11-21T09:30:00.123Z'],
    ['2024-02-29T12:00:00+14:00', '2024-02-28T22:00:00.000Z'],
  ])('converts %s to %s', (sent, kept) => {
    expect(sentInstant.parse(sent)).toBe(kept);
    expect(instantParameter.parse(sent)).toBe(kept);
    expect(instantParameter.parse(sent.replace('+', ' '))).toBe(kept);
  });

  it.each([
    '2026-11-21',
    '2026-11-21T09:30:00',
    '2026-11-21T09:30Z',
    '2026-11-21 09:30:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-04-31T00:00:00+01:00',
    '2026-11-21T24:00:00Z',
    '2026-11-21T09:60:00Z',
    '2026-11-21T09:30:00+24:00',
    '2026-11-21T09:30:00+0100',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '+012026-11-21T09:30:00Z',
    'yesterday',
  ])('rejects %s', (sent) => {
    expect(sentInstant.safeParse(sent).success).toBe(false);
    expect(instantParameter.safeParse(sent).success).toBe(false);
  });
});
