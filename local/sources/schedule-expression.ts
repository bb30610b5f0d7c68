export interface ScheduleTimes {
  /** Milliseconds since 1970; undefined if there is none. */
  nextAfter(after: number): number | undefined;
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(5 minutes)`, `cron(0 12 * * ? *)` or `at(2027-01-01T00:00:00)`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 *
 * @param startedAt rates count from this time.
 * @throws Error for a malformed expression.
 */
export function scheduleTimes(expression: string, timeZone: string, startedAt: number): ScheduleTimes {
  const [, kind, inner = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'rate': {
      const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(inner.trim()) ?? [];
      const period = Number(count) * (unitMs[unit] ?? Number.NaN);
      if (!(period > 0)) throw new Error(`"${expression}" is not a rate.`);
      return { nextAfter: (after) => startedAt + (Math.floor((after - startedAt) / period) + 1) * period };
    }
    case 'at': {
      const at = instantOf(inner.trim(), timeZone);
      if (at === undefined) throw new Error(`"${expression}" has no time.`);
      return { nextAfter: (after) => (at > after ? at : undefined) };
    }
    case 'cron':
      return cronTimes(inner.trim().split(/\s+/), expression, timeZone);
    default:
      throw new Error(`The local run does not support the schedule "${expression}".`);
  }
}

interface LocalTime {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
  /** 1 is Sunday. */
  readonly weekday: number;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const yearsAhead = 5;

function cronTimes(fields: readonly string[], expression: string, timeZone: string): ScheduleTimes {
  if (fields.length !== 6) throw new Error(`"${expression}" does not have the six fields of a cron expression.`);
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = fields;
  if ((days === '?') === (weekdays === '?')) {
    throw new Error(`"${expression}": exactly one of day of month and day of week must be "?".`);
  }
  const minute = fieldTest(minutes, 0, 59, []);
  const hour = fieldTest(hours, 0, 23, []);
  const month = fieldTest(months, 1, 12, monthNames);
  const year = fieldTest(years, 1970, 2199, []);
  const weekday = weekdays === '?' ? () => true : fieldTest(weekdays, 1, 7, dayNames);
  const day = dayTest(days);
  const isDay = (time: LocalTime): boolean =>
    year(time.year) && month(time.month) && day(time) && weekday(time.weekday);
  return {
    nextAfter: (after) => {
      let at = (Math.floor(after / 60_000) + 1) * 60_000;
      const end = after + yearsAhead * 366 * 86_400_000;
      while (at < end) {
        const time = localTime(at, timeZone);
        if (isDay(time) && hour(time.hour)) {
          if (minute(time.minute)) return at;
          at += 60_000;
        } else {
          // All time zones differ by whole quarters of an hour.
          at = (Math.floor(at / 900_000) + 1) * 900_000;
        }
      }
      return undefined;
    },
  };
}

/** A list, `L` (last day) or `15W` (weekday nearest to the 15th). */
function dayTest(field: string): (time: LocalTime) => boolean {
  if (field === '?') return () => true;
  const daysIn = (time: LocalTime): number => new Date(Date.UTC(time.year, time.month, 0)).getUTCDate();
  if (field === 'L') return (time) => time.day === daysIn(time);
  const [, nearest] = /^(\d+)W$/.exec(field) ?? [];
  if (nearest !== undefined) return (time) => time.day === nearestWeekday(time, Number(nearest), daysIn(time));
  const test = fieldTest(field, 1, 31, []);
  return (time) => test(time.day);
}

function nearestWeekday(time: LocalTime, day: number, last: number): number {
  const weekday = new Date(Date.UTC(time.year, time.month - 1, day)).getUTCDay();
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < last ? day + 1 : day - 2;
  return day;
}

function fieldTest(
  field: string,
  lowest: number,
  highest: number,
  names: readonly string[],
): (value: number) => boolean {
  const wanted = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const first = range === '*' ? lowest : valueOf(from, lowest, names);
    const open = range === '*' || (step !== undefined && to === undefined);
    const last = open ? highest : to === undefined ? first : valueOf(to, lowest, names);
    const every = step === undefined ? 1 : Number(step);
    if (!(first >= lowest && last <= highest && first <= last && every >= 1)) {
      throw new Error(`The local run does not support "${field}" in a cron expression.`);
    }
    for (let value = first; value <= last; value += every) wanted.add(value);
  }
  return (value) => wanted.has(value);
}

function valueOf(text: string, lowest: number, names: readonly string[]): number {
  const index = names.indexOf(text.toUpperCase());
  return index >= 0 ? index + lowest : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(at: number, timeZone: string): LocalTime {
  const shifted = new Date(timeZone === 'UTC' ? at : at + offsetOf(at, timeZone));
  return {
    minute: shifted.getUTCMinutes(),
    hour: shifted.getUTCHours(),
    day: shifted.getUTCDate(),
    month: shifted.getUTCMonth() + 1,
    year: shifted.getUTCFullYear(),
    weekday: shifted.getUTCDay() + 1,
  };
}

function offsetOf(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})$/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function instantOf(text: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const guess = asUtc - offsetOf(asUtc, timeZone);
  return asUtc - offsetOf(guess, timeZone);
}
