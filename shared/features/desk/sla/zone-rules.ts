/** A range of time with one offset of local time from UTC. All members are milliseconds. */
export interface ZoneRange {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;
const cachedDays = 5000;

/** `Intl.DateTimeFormat` takes much longer to construct than to format. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const rangesByDay = new Map<string, readonly ZoneRange[]>();

/** Covers the time between two instants, and the rest of their days in UTC. Ascending, without gaps. */
export function* zoneRanges(timeZone: string, from: number, to: number): Generator<ZoneRange> {
  for (let start = Math.floor(from / day) * day; start < to; start += day) yield* rangesOfUtcDay(timeZone, start);
}

function rangesOfUtcDay(timeZone: string, start: number): readonly ZoneRange[] {
  const key = `${timeZone} ${start}`;
  const cached = rangesByDay.get(key);
  if (cached !== undefined) return cached;
  if (rangesByDay.size >= cachedDays) rangesByDay.clear();
  const ranges = splitByOffset(timeZone, start, start + day);
  rangesByDay.set(key, ranges);
  return ranges;
}

/** No zone changes its offset twice in a day. */
function splitByOffset(timeZone: string, from: number, to: number): readonly ZoneRange[] {
  const before = offsetAt(timeZone, from);
  const after = offsetAt(timeZone, to);
  if (before === after) return [{ from, to, offset: before }];
  let last = from;
  let change = to;
  while (change - last > 1) {
    const middle = Math.floor((last + change) / 2);
    if (offsetAt(timeZone, middle) === before) last = middle;
    else change = middle;
  }
  const ranges = [
    { from, to: change, offset: before },
    { from: change, to, offset: after },
  ];
  return ranges.filter((range) => range.from < range.to);
}

function offsetAt(timeZone: string, at: number): number {
  const [, sign = '+', hours = 0, minutes = 0, seconds = 0] =
    /GMT(?:([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?$/.exec(formatterOf(timeZone).format(at)) ?? [];
  const size = (Number(hours) * 60 + Number(minutes)) * minute + Number(seconds) * 1000;
  return sign === '-' ? -size : size;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const cached = formatters.get(timeZone);
  if (cached !== undefined) return cached;
  const formatter = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formatters.set(timeZone, formatter);
  return formatter;
}
