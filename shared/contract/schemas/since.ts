import * as z from 'zod/mini';
import { text } from './text.ts';

/** Opaque: how far a client has heard of the conversations that it came to or left. */
export const sinceToken = text(
  z.minLength(1),
  z.maxLength(200),
  z.regex(/^[A-Za-z0-9_-]+$/, 'must be a token of the server'),
  z.meta({
    description: 'How far the client has heard of the conversations that the user came to or left; opaque',
    examples: ['WzE3OTUyNDk4MDAwMDBd'],
  }),
);
