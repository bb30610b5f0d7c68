import * as z from 'zod/mini';
import { text } from './text.ts';

export const sinceToken = text(
  z.minLength(1),
  z.maxLength(200),
  z.regex(/^[A-Za-z0-9_-]+$/, 'must be a token that the server issued'),
  z.meta({
    description:
      'Opaque token for the time up to which the client knows all conversations that the user joined or left and, for agents, all changes of support conversations. These changes are known for three days.',
    examples: ['WzE3OTUyNDk4MDAwMDBd'],
  }),
);

/** With more changes, listing the queues is faster. */
export const mostDeskChanges = 200;

export const listQueues = z.optional(
  z.boolean().check(
    z.meta({
      description: `For agents: true if \`since\` is older than three days, or more than ${mostDeskChanges} support conversations changed. List your queues again.`,
      examples: [true],
    }),
  ),
);
