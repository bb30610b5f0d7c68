import * as z from 'zod/mini';
import { text } from './text.ts';

/** ULID; sorts by time. https://github.com/ulid/spec */
export const ulidPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** Lower case. RFC 9562, section 5.7. */
export const uuidV7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** OpenAPI describes the value, not its text. */
export function sentAsInteger(limits: { minimum: number; maximum: number; default?: number; examples?: number[] }) {
  return z.meta({ sent: { type: 'integer', ...limits } });
}

export const id = text(z.regex(ulidPattern, 'must be a ULID: 26 characters'), z.describe('A ULID'));
export const tenantId = id.check(
  z.meta({ description: 'Id of the tenant, a ULID', examples: ['01KAJ6Y3Z8W2Q4R7T9V1X5N0MB'] }),
);
export const userId = id.check(
  z.meta({ description: 'Id of the user, a ULID', examples: ['01KAJ70A5CE8G1H3J6K9M2P4QR'] }),
);
/** The sender of entries that the service writes by itself. */
export const systemUserId = '00000000000000000000000000';
export const conversationId = id.check(
  z.meta({ description: 'Id of the conversation, a ULID', examples: ['01KAJ72N4DF7H0J3M6P9R2T5VW'] }),
);

/** Its time limits how far back the server searches for the original. */
export const clientMessageId = text(
  z.refine((value) => ulidPattern.test(value) || uuidV7Pattern.test(value), 'must be a ULID or a lower-case UUIDv7'),
  z.meta({
    description:
      'A ULID or lower-case UUIDv7 that the client generates once for each message. Its time is that of the server’s clock: at most two minutes ahead, and at most thirty days old.',
    // A JSON Schema does not contain refinements.
    pattern: `${ulidPattern.source}|${uuidV7Pattern.source}`,
    examples: ['01KAJ74S6EG9J1K4N7Q0S3V6XY'],
  }),
);

const largestSeq = 999_999_999_999;

export const seq = z.int().check(
  z.minimum(1),
  z.maximum(largestSeq),
  z.meta({
    description: 'Number of the entry in its conversation, ascending from 1 without gaps',
    examples: [42],
  }),
);
export const seqParameter = z
  .pipe(text(z.regex(/^[1-9][0-9]{0,11}$/, 'must be a whole number from 1')), z.transform(Number))
  .check(
    z.describe('Number of the message in its conversation'),
    sentAsInteger({ minimum: 1, maximum: largestSeq, examples: [42] }),
  );
/** The last entry seen; 0 is before the first. */
export const positionParameter = z
  .pipe(text(z.regex(/^(0|[1-9][0-9]{0,11})$/, 'must be a whole number from 0')), z.transform(Number))
  .check(sentAsInteger({ minimum: 0, maximum: largestSeq }));

export const timestamp = z.string().check(
  z.meta({
    description: 'ISO 8601 in UTC, with milliseconds',
    format: 'date-time',
    examples: ['2026-11-21T08:30:00.000Z'],
  }),
);
export const tenantSlug = text(
  z.regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, 'must be 3 to 40 lower-case letters, digits and hyphens'),
  z.meta({
    description: 'Short name of the tenant: 3 to 40 lower-case letters, digits and hyphens',
    examples: ['demo'],
  }),
);
