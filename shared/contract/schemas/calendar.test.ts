import { describe, expect, it } from 'vitest';
import { calendar } from './calendar.ts';

const hours = {
  timeZone: 'Europe/Berlin',
  week: {
    mon: [
      { from: '13:00', to: '24:00' },
      { from: '09:00', to: '13:00' },
    ],
    sun: [],
  },
  holidays: ['2026-12-25', '2028-02-29'],
};
const monday = (...mon: unknown[]) => ({ ...hours, week: { mon } });

function issuesOf(value: unknown): string[] {
  return calendar.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('/')}: ${message}`) ?? [];
}

describe('a calendar', () => {
  it.each([
    ['always', 'always'],
    ['opening hours', hours],
    ['no opening hours', { ...hours, week: {} }],
    ['an alias of a zone', { ...hours, timeZone: 'US/Eastern' }],
  ])('accepts %s', (_, value) => {
    expect(calendar.parse(value)).toEqual(value);
  });

  it.each([
    ['intervals that overlap', monday({ from: '09:00', to: '13:00' }, { from: '12:59', to: '18:00' }), 'week/mon'],
    ['an interval in another', monday({ from: '09:00', to: '18:00' }, { from: '10:00', to: '11:00' }), 'week/mon'],
    ['an interval twice', monday({ from: '09:00', to: '18:00' }, { from: '09:00', to: '18:00' }), 'week/mon'],
    ['an empty interval', monday({ from: '09:00', to: '09:00' }), 'week/mon/0/to'],
    ['an interval that ends before it begins', monday({ from: '22:00', to: '06:00' }), 'week/mon/0/to'],
    ['a start at 24:00', monday({ from: '24:00', to: '24:00' }), 'week/mon/0/from'],
    ['a time after 24:00', monday({ from: '09:00', to: '24:01' }), 'week/mon/0/to'],
    ['a time without a leading zero', monday({ from: '9:00', to: '18:00' }), 'week/mon/0/from'],
    ['a time with seconds', monday({ from: '09:00:00', to: '18:00' }), 'week/mon/0/from'],
    ['an unknown zone', { ...hours, timeZone: 'Europe/Atlantis' }, 'timeZone'],
    ['an offset as zone', { ...hours, timeZone: '+01:00' }, 'timeZone'],
    ['a date that does not exist', { ...hours, holidays: ['2026-02-29'] }, 'holidays/0'],
    ['a date of another form', { ...hours, holidays: ['25.12.2026'] }, 'holidays/0'],
    ['a month that does not exist', { ...hours, holidays: ['2026-13-01'] }, 'holidays/0'],
    ['a holiday twice', { ...hours, holidays: ['2026-12-25', '2026-12-25'] }, 'holidays'],
  ])('rejects %s and names the member', (_, value, path) => {
    const issues = issuesOf(value);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatch(new RegExp(`^${path}: must `));
  });

  it.each([
    ['another word', 'never', 'must be `always` or an object'],
    ['an unknown weekday', { ...hours, week: { monday: [] } }, 'week'],
    ['an unknown member', { ...hours, open: true }, ''],
    ['hours without a zone', { week: {}, holidays: [] }, '`timeZone`: '],
    [
      'too many intervals',
      monday(...Array.from({ length: 13 }, (_, n) => ({ from: `${10 + n}:00`, to: `${10 + n}:30` }))),
      '`week/mon`: must not have more than 12 intervals',
    ],
    [
      'too many holidays',
      { ...hours, holidays: Array.from({ length: 401 }, (_, n) => `${2000 + n}-01-01`) },
      '`holidays`: must not have more than 400 dates',
    ],
  ])('rejects %s', (_, value, message) => {
    expect(issuesOf(value)).toEqual([expect.stringContaining(message)]);
  });
});
