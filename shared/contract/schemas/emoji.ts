import * as z from 'zod/mini';
import { text } from './text.ts';

/**
 * Converts all spellings of an emoji to that of Unicode's recommended set, which has U+FE0F after each character that
 * would be text without it (UTS #51, ED-18a). Never turns other text into an emoji.
 *
 * `❤`, `❤︎` and `❤️` are one emoji; skin tones and sequences stay distinct.
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
