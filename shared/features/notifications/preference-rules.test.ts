import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notificationKinds, type QuietHours, weekdays } from '../../contract/schemas/notification.ts';
import { completePreferences, isQuiet, treatmentOf } from './preference-rules.ts';

const everyDay = [...weekdays];
const berlin = (from: string, to: string, days: QuietHours['days'] = everyDay): QuietHours => ({
  ...{ timeZone: 'Europe/Berlin', from, to, days },
});

describe('a setting of quiet hours', () => {
  it('begins at `from` and ends before `to`, in local time', () => {
    const hours = berlin('12:00', '14:00');
    // In summer, Berlin is two hours ahead of UTC.
    expect(isQuiet(hours, Date.parse('2026-07-01T09:59:59Z'))).toBe(false);
    expect(isQuiet(hours, Date.parse('2026-07-01T10:00:00Z'))).toBe(true);
    expect(isQuiet(hours, Date.parse('2026-07-01T11:59:59Z'))).toBe(true);
    expect(isQuiet(hours, Date.parse('2026-07-01T12:00:00Z'))).toBe(false);
  });

  it('follows the change to winter time', () => {
    const hours = berlin('22:00', '07:00');
    // The clocks go back on 25 October 2026.
    expect(isQuiet(hours, Date.parse('2026-10-24T20:00:00Z'))).toBe(true);
    expect(isQuiet(hours, Date.parse('2026-10-25T05:30:00Z'))).toBe(true);
    expect(isQuiet(hours, Date.parse('2026-10-25T20:30:00Z'))).toBe(false);
    expect(isQuiet(hours, Date.parse('2026-10-25T21:00:00Z'))).toBe(true);
  });

  it('applies after midnight only if the hours began on one of its days', () => {
    const hours = berlin('22:00', '07:00', ['friday']);
    // 20 November 2026 is a Friday. In winter, Berlin is one hour ahead of UTC.
    expect(isQuiet(hours, Date.parse('2026-11-20T05:00:00Z'))).toBe(false);
    expect(isQuiet(hours, Date.parse('2026-11-20T22:00:00Z'))).toBe(true);
    expect(isQuiet(hours, Date.parse('2026-11-21T05:59:00Z'))).toBe(true);
    expect(isQuiet(hours, Date.parse('2026-11-21T06:00:00Z'))).toBe(false);
    expect(isQuiet(hours, Date.parse('2026-11-21T22:00:00Z'))).toBe(false);
  });

  it('lasts 24 hours if both times are equal', () => {
    const hours = { ...berlin('09:00', '09:00', ['saturday']), timeZone: 'UTC' };
    expect(isQuiet(hours, Date.parse('2026-11-21T08:59:00Z'))).toBe(false);
    expect(isQuiet(hours, Date.parse('2026-11-21T09:00:00Z'))).toBe(true);
    expect(isQuiet(hours, Date.parse('2026-11-22T08:59:00Z'))).toBe(true);
    expect(isQuiet(hours, Date.parse('2026-11-22T09:00:00Z'))).toBe(false);
  });

  it('covers each minute once together with a setting for the other days', () => {
    const first = berlin('21:30', '06:15', ['monday', 'wednesday', 'saturday']);
    const second = berlin('21:30', '06:15', ['sunday', 'tuesday', 'thursday', 'friday']);
    const all = berlin('21:30', '06:15');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (at) => {
        expect(Number(isQuiet(first, at)) + Number(isQuiet(second, at))).toBe(Number(isQuiet(all, at)));
      }),
    );
  });
});

describe('the treatment of a notification', () => {
  const always = { kinds: {}, quietHours: { ...berlin('00:00', '00:00'), timeZone: 'UTC' } };

  it('is that of the user’s preferences', () => {
    expect(treatmentOf(undefined, 'mention', 0)).toBe('announced');
    expect(treatmentOf({ kinds: { mention: 'off' } }, 'mention', 0)).toBe('off');
    expect(treatmentOf({ kinds: { mention: 'off' } }, 'assigned', 0)).toBe('announced');
    expect(treatmentOf(always, 'mention', 0)).toBe('silent');
    expect(treatmentOf({ ...always, kinds: { mention: 'off' } }, 'mention', 0)).toBe('off');
  });

  it('ignores preferences when the notification is urgent', () => {
    const off = { ...always, kinds: { urgent: 'off' as unknown as 'on' } };
    expect(treatmentOf(off, 'urgent', 0)).toBe('announced');
  });
});

it('completes preferences with every kind', () => {
  expect(Object.keys(completePreferences(undefined).kinds)).toEqual(notificationKinds);
  expect(completePreferences({ kinds: { queue: 'off' } })).toMatchObject({ kinds: { queue: 'off', mention: 'on' } });
});
