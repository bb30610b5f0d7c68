import * as z from 'zod/mini';
import { sentAsInteger } from './ids.ts';
import { text } from './text.ts';

/** 1 to 100. */
export function limitParameter(defaultLimit: number) {
  return z
    ._default(
      z.pipe(text(z.regex(/^([1-9][0-9]?|100)$/, 'must be a whole number from 1 to 100')), z.transform(Number)),
      defaultLimit,
    )
    .check(
      z.describe('Maximum number of items on a page'),
      sentAsInteger({ minimum: 1, maximum: 100, default: defaultLimit }),
    );
}

export const cursorParameter = z.optional(
  text(
    z.minLength(1),
    z.maxLength(1000),
    z.meta({
      description: '`nextCursor` of the previous page. Omit it to get the first page.',
    }),
  ),
);

const nextCursor = z.nullable(z.string()).check(
  z.meta({
    description: 'Send it as `cursor` to get the next page; null on the last page',
    examples: [null],
  }),
);

/** `nextCursor` is `null` on the last page. */
export function page<Item extends z.ZodMiniType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor });
}
