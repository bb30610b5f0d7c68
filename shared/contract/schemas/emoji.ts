import * as z from 'zod/mini';
import { text } from './text.ts';

/**
 * Converts spellings of an emoji to that of Unicode's recommended set (UTS #51, ED-18a): `❤`, `❤︎` and `❤️` are one
 * emoji. Never turns other text into an emoji.
 */
export function emojiNormalForm(value: string): string {
  return value
    .replace(/[\ufe0e\ufe0f]/g, '')
    .replace(/[\p{Emoji}--\p{Emoji_Presentation}](?!\p{Emoji_Modifier})/gv, '$&\ufe0f');
}

export const emoji = text(
  z.minLength(1),
  z.maxLength(64),
  z.overwrite(emojiNormalForm),
  z.refine((value) => /^\p{RGI_Emoji}$/v.test(value), 'must be one emoji'),
  z.meta({
    description:
      'One emoji of Unicode’s recommended set (UTS #51, RGI). Spellings with and without U+FE0F are the same emoji. Responses use the set’s spelling.',
    examples: ['👍'],
  }),
);
