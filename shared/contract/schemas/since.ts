import * as z from 'zod/mini';
import { text } from './text.ts';

export const sinceToken = text(
  z.minLength(1),
  z.maxLength(200),
  z.regex(/^[A-Za-z0-9_-]+$/, 'must be a token that the server issued'),
  z.meta({
    description:
      'Opaque token for the time up to which the client knows all conversations that the user joined or left',
    examples: ['WzE3OTUyNDk4MDAwMDBd'],
  }),
);
