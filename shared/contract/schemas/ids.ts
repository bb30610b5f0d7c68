import * as z from 'zod/mini';

/** ULID: 48 bits of milliseconds, 80 random bits, Crockford base 32; sorts by time. https://github.com/ulid/spec */
export const ulidPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** UUIDv7: RFC 9562, section 5.7. Lower case. */
export const uuidV7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const id = z.string().check(z.regex(ulidPattern, 'must be a ULID: 26 characters'), z.describe('A ULID'));
export const tenantId = id;
export const userId = id;
export const conversationId = id;

/** Chosen by the client, once per message. Its time decides how far back the server looks for a first send. */
export const clientMessageId = z
  .string()
  .check(
    z.refine((value) => ulidPattern.test(value) || uuidV7Pattern.test(value), 'must be a ULID or a lower-case UUIDv7'),
    z.describe('A ULID or UUIDv7 that the client made for this message, stamped with the server’s time'),
  );

/** Number of a message in its conversation, from 1, without gaps. */
export const seq = z.int().check(z.minimum(1), z.maximum(999_999_999_999));
/** The same in a path or a query. */
export const seqParameter = z.pipe(
  z.string().check(z.regex(/^[1-9][0-9]{0,11}$/, 'must be a whole number from 1')),
  z.transform(Number),
);
/** A place in a log: the number of the last entry seen; 0 is before the first. */
export const positionParameter = z.pipe(
  z.string().check(z.regex(/^(0|[1-9][0-9]{0,11})$/, 'must be a whole number from 0')),
  z.transform(Number),
);

export const timestamp = z.string().check(z.describe('ISO 8601, UTC, milliseconds'));
export const tenantSlug = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, 'must be 3 to 40 lower-case letters, digits and hyphens'));
