import * as z from 'zod/mini';
import { text } from './text.ts';

/** From Monday. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

const opening = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;
const closing = /^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/;

const opens = text(z.regex(opening, 'must be a time from 00:00 to 23:59'), z.meta({ examples: ['09:00'] }));
const closes = text(z.regex(closing, 'must be a time from 00:01 to 24:00'), z.meta({ examples: ['17:30'] }));

const openingHours = z
  .strictObject({ from: opens, to: closes })
  // Times sort as text. Malformed ones already have an issue.
  .check(
    z.refine(({ from, to }) => from < to || !opening.test(from) || !closing.test(to), {
      path: ['to'],
      error: 'must be later than `from`. Hours past midnight belong to the next day.',
    }),
  );
export type OpeningHours = z.infer<typeof openingHours>;

function overlap(hours: readonly OpeningHours[]): boolean {
  const sorted = hours.toSorted((first, second) => (first.from < second.from ? -1 : 1));
  return sorted.some(({ from }, index) => from < (sorted[index - 1]?.to ?? ''));
}

const day = z.array(openingHours).check(
  z.maxLength(12, 'must not have more than 12 intervals'),
  z.refine((hours) => !overlap(hours), 'must not have intervals that overlap'),
  z.describe('Intervals in which the desk is open, at most 12. They may touch but not overlap.'),
);

function isZone(name: string): boolean {
  // Only some runtimes accept offsets such as `+05:30`.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isDate(value: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

const holiday = text(
  z.refine(isDate, 'must be a date such as 2026-12-25'),
  z.meta({ format: 'date', examples: ['2026-12-25'] }),
);

const businessHours = z.strictObject({
  timeZone: text(
    z.maxLength(64),
    z.refine(isZone, 'must be the name of a time zone such as Europe/Berlin'),
    z.meta({ description: 'Name in the IANA time zone database', examples: ['Europe/Berlin'] }),
  ),
  week: z
    .partial(
      z.strictObject({
        mon: day,
        tue: day,
        wed: day,
        thu: day,
        fri: day,
        sat: day,
        sun: day,
      }),
    )
    .check(z.describe('Local opening hours. The desk is closed on days without any.')),
  holidays: z.array(holiday).check(
    z.maxLength(400, 'must not have more than 400 dates'),
    z.refine((dates) => new Set(dates).size === dates.length, 'must not contain a date twice'),
    z.describe('Local dates on which the desk is closed, at most 400'),
  ),
});
export type BusinessHours = z.infer<typeof businessHours>;

/** For a wrong type or length, zod reports the union instead of the member. */
function unionError({ errors = [] }: { readonly errors?: readonly (readonly z.core.$ZodIssue[])[] }): string {
  const issue = errors.flat().find(({ path }) => path.length > 0);
  const expected = 'must be `always` or an object with `timeZone`, `week` and `holidays`';
  return issue === undefined ? expected : `${expected}; \`${issue.path.join('/')}\`: ${issue.message}`;
}

/** Only business hours count towards the targets of the service level. */
export const calendar = z.union([z.literal('always'), businessHours], { error: (issue) => unionError(issue) });
export type Calendar = z.infer<typeof calendar>;
