import type { BusinessHours, Calendar, Weekday } from '../../../contract/schemas/calendar.ts';
import { zoneRanges } from './zone-rules.ts';

/** In milliseconds. The end is not part of it. */
interface OpenRange {
  readonly from: number;
  readonly to: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** Ends the search in calendars that are nearly always closed. */
const searchedDays = 3660;
/** The epoch began on a Thursday. */
const weekdaysFromEpoch: readonly Weekday[] = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'];

/** @returns 0 if `to` is not after `from`. */
export function businessMsBetween(calendar: Calendar, from: number, to: number): number {
  if (to <= from) return 0;
  if (calendar === 'always') return to - from;
  let used = 0;
  for (const range of openRanges(calendar, from, to)) {
    used += Math.min(range.to, to) - Math.max(range.from, from);
  }
  return used;
}

/**
 * The first instant at which the business time since `from` amounts to `businessMs`.
 *
 * @returns undefined if the calendar does not have that much business time within ten years.
 */
export function businessMsLater(calendar: Calendar, from: number, businessMs: number): number | undefined {
  if (businessMs <= 0) return from;
  if (calendar === 'always') return from + businessMs;
  let left = businessMs;
  for (const range of openRanges(calendar, from, from + searchedDays * day)) {
    const start = Math.max(range.from, from);
    if (range.to - start >= left) return start + left;
    left -= range.to - start;
  }
  return undefined;
}

/**
 * The desk is open whenever a local clock shows a time within the opening hours. Hours that daylight saving repeats count
 * twice, hours that it skips do not count.
 *
 * @returns the ranges that end after `from` and begin before `to`, ascending. They do not overlap.
 */
function* openRanges(calendar: BusinessHours, from: number, to: number): Generator<OpenRange> {
  const hours = weekOf(calendar);
  if (hours.size === 0) return;
  const holidays = new Set(calendar.holidays.map((date) => Date.parse(date) / day));
  for (const zone of zoneRanges(calendar.timeZone, from, to)) {
    const lastDate = Math.floor((zone.to + zone.offset - 1) / day);
    for (let date = Math.floor((zone.from + zone.offset) / day); date <= lastDate; date += 1) {
      if (holidays.has(date)) continue;
      const midnight = date * day - zone.offset;
      for (const interval of hours.get(weekdayOf(date)) ?? []) {
        const start = Math.max(midnight + interval.from, zone.from);
        const end = Math.min(midnight + interval.to, zone.to);
        if (start < end && end > from && start < to) yield { from: start, to: end };
      }
    }
  }
}

/** Intervals in milliseconds since local midnight. */
function weekOf({ week }: BusinessHours): Map<Weekday | undefined, readonly OpenRange[]> {
  const hours = new Map<Weekday | undefined, readonly OpenRange[]>();
  for (const weekday of weekdaysFromEpoch) {
    const intervals = (week[weekday] ?? []).map(({ from, to }) => ({ from: timeOfDay(from), to: timeOfDay(to) }));
    if (intervals.length > 0) {
      hours.set(
        weekday,
        intervals.sort((first, second) => first.from - second.from),
      );
    }
  }
  return hours;
}

function timeOfDay(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minute;
}

/** @param date - in days since the epoch. */
function weekdayOf(date: number): Weekday | undefined {
  return weekdaysFromEpoch[((date % 7) + 7) % 7];
}
