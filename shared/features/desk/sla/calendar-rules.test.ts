import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusinessHours, Calendar, OpeningHours, Weekday } from '../../../contract/schemas/calendar.ts';
import { businessMsBetween, businessMsLater } from './calendar-rules.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const at = (instant: string) => Date.parse(instant);

const office: BusinessHours = {
  timeZone: 'Europe/Berlin',
  week: {
    mon: [
      { from: '13:30', to: '18:00' },
      { from: '09:00', to: '12:30' },
    ],
    tue: [{ from: '09:00', to: '17:00' }],
    fri: [{ from: '22:00', to: '24:00' }],
    sat: [{ from: '00:00', to: '02:00' }],
  },
  holidays: ['2026-12-25'],
};
const roundTheClock = (timeZone: string): BusinessHours => ({
  timeZone,
  week: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((weekday) => [weekday, [{ from: '00:00', to: '24:00' }]]),
  ),
  holidays: [],
});
const daily = (timeZone: string, from: string, to: string): BusinessHours => ({
  timeZone,
  week: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((weekday) => [weekday, [{ from, to }]]),
  ),
  holidays: [],
});
const closed: BusinessHours = { timeZone: 'UTC', week: { mon: [] }, holidays: [] };

describe('businessMsBetween', () => {
  it.each([
    ['the pause between two intervals', '2026-11-23T11:00:00Z', '2026-11-23T13:00:00Z', hour],
    ['a whole day with two intervals', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z', 8 * hour],
    ['closed days', '2026-11-25T00:00:00Z', '2026-11-27T00:00:00Z', 0],
    ['a shift over midnight', '2026-11-27T20:30:00Z', '2026-11-28T12:00:00Z', 4 * hour],
    ['a holiday, but only its part of a shift', '2026-12-25T00:00:00Z', '2026-12-26T12:00:00Z', 2 * hour],
    ['a week', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z', 20 * hour],
    ['nothing when the end is before the start', '2026-11-24T12:00:00Z', '2026-11-24T09:00:00Z', 0],
  ])('counts the opening hours in %s', (_, from, to, used) => {
    expect(businessMsBetween(office, at(from), at(to))).toBe(used);
  });

  it('counts all time when the desk is always open', () => {
    expect(businessMsBetween('always', 100, 250)).toBe(150);
    expect(businessMsBetween('always', 250, 100)).toBe(0);
  });

  it.each([
    ['skips the missing hour', '2026-03-29', 'Europe/Berlin', '01:00', '04:00', 2 * hour],
    ['counts the repeated hour twice', '2026-10-25', 'Europe/Berlin', '01:00', '04:00', 4 * hour],
    ['counts the part of a repeated hour twice', '2026-10-25', 'Europe/Berlin', '01:00', '02:30', 2 * hour],
    ['counts nothing within the missing hour', '2026-03-29', 'Europe/Berlin', '02:00', '03:00', 0],
    ['handles a change of half an hour', '2026-04-05', 'Australia/Lord_Howe', '00:00', '04:00', 4.5 * hour],
    ['handles a missing midnight', '2018-11-04', 'America/Sao_Paulo', '00:00', '02:00', hour],
    ['handles a midnight that repeats', '2010-11-07', 'America/St_Johns', '00:00', '00:30', 31 * minute],
    ['skips a missing day', '2011-12-30', 'Pacific/Apia', '00:00', '24:00', 0],
    ['handles an offset of 45 minutes', '2026-11-24', 'Asia/Kathmandu', '09:00', '10:00', hour],
  ])('%s', (_, date, timeZone, from, to, used) => {
    const { week } = daily(timeZone, from, to);
    const weekday = (['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const)[new Date(date).getUTCDay()] ?? 'sun';
    const thatDay = { timeZone, week: { [weekday]: week[weekday] }, holidays: [] };
    expect(businessMsBetween(thatDay, at(date) - 2 * day, at(date) + 3 * day)).toBe(used);
  });
});

describe('businessMsLater', () => {
  it.each([
    ['in the same interval', '2026-11-23T08:00:00Z', hour, '2026-11-23T09:00:00Z'],
    ['at the end of an interval', '2026-11-23T08:00:00Z', 3.5 * hour, '2026-11-23T11:30:00Z'],
    ['after a break', '2026-11-23T08:00:00Z', 3.5 * hour + 1, '2026-11-23T12:30:00.001Z'],
    ['after a night', '2026-11-23T16:00:00Z', 2 * hour, '2026-11-24T09:00:00Z'],
    ['after a weekend', '2026-11-28T01:30:00Z', hour, '2026-11-30T09:00:00Z'],
    ['after a holiday', '2026-12-22T16:00:00Z', hour, '2026-12-26T00:00:00Z'],
    ['at once for no time', '2026-11-29T16:00:00Z', 0, '2026-11-29T16:00:00Z'],
  ])('falls %s', (_, from, used, due) => {
    expect(businessMsLater(office, at(from), used)).toBe(at(due));
  });

  it('finds repeated midnights in order of time', () => {
    // The clock showed 00:00 at 02:30 UTC and, after it was put back at 00:01 to 23:01, again at 03:30 UTC.
    const calendar = daily('America/St_Johns', '00:00', '01:00');
    expect(businessMsLater(calendar, at('2010-11-07T01:00:00Z'), minute)).toBe(at('2010-11-07T02:31:00Z'));
    expect(businessMsLater(calendar, at('2010-11-07T01:00:00Z'), 2 * minute)).toBe(at('2010-11-07T03:31:00Z'));
  });

  it('counts offsets with seconds', () => {
    // The offset was -00:44:30 until 1972.
    const calendar = daily('Africa/Monrovia', '09:00', '10:00');
    expect(businessMsLater(calendar, at('1970-06-01T00:00:00Z'), minute)).toBe(at('1970-06-01T09:45:30Z'));
  });

  it('never comes in a calendar without opening hours', () => {
    expect(businessMsLater(closed, 0, 1)).toBeUndefined();
    expect(businessMsBetween(closed, 0, at('2026-11-23T00:00:00Z'))).toBe(0);
  });

  it('never comes in a calendar that is nearly always closed', () => {
    const calendar = { timeZone: 'UTC', week: { mon: [{ from: '09:00', to: '09:01' }] }, holidays: [] };
    expect(businessMsLater(calendar, at('2026-11-23T00:00:00Z'), 48 * hour)).toBeUndefined();
    expect(businessMsLater(calendar, at('2026-11-23T00:00:00Z'), 3 * minute)).toBe(at('2026-12-07T09:01:00Z'));
  });

  it('passes over a year of holidays', () => {
    const holidays = Array.from({ length: 365 }, (_, index) =>
      new Date(at('2026-01-01T00:00:00Z') + index * day).toISOString().slice(0, 10),
    );
    const calendar = { ...roundTheClock('Europe/Berlin'), holidays };
    expect(businessMsLater(calendar, at('2025-12-31T22:00:00Z'), 48 * hour)).toBe(at('2027-01-02T22:00:00Z'));
  });
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Asia/Beirut',
];
/** Days around changes of an offset. */
const days = [
  '2026-03-29',
  '2026-10-25',
  '2026-03-08',
  '2026-11-01',
  '2018-11-04',
  '2018-02-18',
  '2010-11-07',
  '2026-04-05',
  '2026-10-04',
  '2011-12-30',
  '2026-04-24',
  '2026-02-15',
  '1969-12-31',
];

const time = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const dayOfHours = fc
  .uniqueArray(fc.oneof(fc.integer({ min: 0, max: 1440 }), fc.constantFrom(0, 60, 120, 150, 180, 1440)), {
    maxLength: 6,
  })
  .map((times): OpeningHours[] => {
    const sorted = times.toSorted((first, second) => first - second);
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({
      from: time(sorted[2 * index] ?? 0),
      to: time(sorted[2 * index + 1] ?? 0),
    })).toReversed();
  });
const calendars: fc.Arbitrary<Calendar> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Calendar>('always') },
  {
    weight: 9,
    arbitrary: fc.record({
      timeZone: fc.constantFrom(...zones),
      week: fc.record(
        {
          mon: dayOfHours,
          tue: dayOfHours,
          wed: dayOfHours,
          thu: dayOfHours,
          fri: dayOfHours,
          sat: dayOfHours,
          sun: dayOfHours,
        },
        { requiredKeys: [] },
      ),
      holidays: fc.uniqueArray(fc.constantFrom(...days), { maxLength: 3 }),
    }),
  },
);
const instants = fc
  .tuple(fc.constantFrom(...days), fc.integer({ min: -2 * 1440, max: 2 * 1440 }))
  .map(([date, minutes]) => at(date) + minutes * minute);

/** Reads a local clock each minute. */
function slowBusinessMs(calendar: Calendar, from: number, to: number): number {
  if (calendar === 'always') return to - from;
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone: calendar.timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  let used = 0;
  for (let instant = from; instant < to; instant += minute) {
    const parts = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, value]));
    const weekday = (parts['weekday'] ?? '').slice(0, 3).toLowerCase() as Weekday;
    const shown = `${parts['hour']}:${parts['minute']}`;
    const isOpen = (calendar.week[weekday] ?? []).some((hours) => hours.from <= shown && shown < hours.to);
    if (isOpen && !calendar.holidays.includes(`${parts['year']}-${parts['month']}-${parts['day']}`)) used += minute;
  }
  return used;
}

describe('business time', () => {
  it('is the time in which a local clock shows opening hours', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 0, max: 2 * 1440 }), (calendar, from, minutes) => {
        const to = from + minutes * minute;
        expect(businessMsBetween(calendar, from, to)).toBe(slowBusinessMs(calendar, from, to));
      }),
      { numRuns: 150 },
    );
  });

  it('is used up at the first instant at which that much has passed', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 1, max: 90 * hour }), (calendar, from, used) => {
        const due = businessMsLater(calendar, from, used);
        if (due === undefined) {
          expect(businessMsBetween(calendar, from, from + 3000 * day)).toBeLessThan(used);
          return;
        }
        expect(businessMsBetween(calendar, from, due)).toBe(used);
        expect(businessMsBetween(calendar, from, due - 1)).toBe(used - 1);
      }),
    );
  });

  it('adds up over consecutive ranges', () => {
    fc.assert(
      fc.property(calendars, instants, fc.nat(9 * day), fc.nat(9 * day), (calendar, from, first, second) => {
        const middle = from + first;
        const to = middle + second;
        expect(businessMsBetween(calendar, from, middle) + businessMsBetween(calendar, middle, to)).toBe(
          businessMsBetween(calendar, from, to),
        );
      }),
    );
  });
});
