import * as z from 'zod/mini';
import { text } from './text.ts';

/** RFC 3339, section 5.6, without leap seconds. */
const dateTime =
  /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;

/**
 * Truncates to milliseconds.
 *
 * @returns undefined for other text, and outside the years 0000 to 9999 in UTC.
 */
function inUtc(value: string): string | undefined {
  if (!dateTime.test(value)) return undefined;
  // `Date` accepts the 30th of February.
  const day = new Date(`${value.slice(0, 10)}T00:00:00Z`).getUTCDate();
  if (day !== Number(value.slice(8, 10))) return undefined;
  const instant = new Date(value.toUpperCase()).toISOString();
  return instant.length === '2026-11-21T08:30:00.000Z'.length ? instant : undefined;
}

const isInstant = z.refine<string>(
  (value) => inUtc(value) !== undefined,
  'must be a date and a time with an offset, such as 2026-11-21T09:30:00+01:00 (RFC 3339)',
);
const toUtc = z.overwrite((value: string) => inUtc(value) ?? value);
export const instantDescription = 'RFC 3339 with any offset; stored and returned in UTC';

/** Any offset, converted to UTC. */
export const sentInstant = text(toUtc, isInstant, z.meta({ format: 'date-time' }));

/** In a query, an unencoded `+` means a space. */
export const instantParameter = text(
  z.overwrite((value: string) => value.replace(/ (?=[0-9]{2}:[0-9]{2}$)/, '+')),
  toUtc,
  isInstant,
  z.meta({ format: 'date-time' }),
);
