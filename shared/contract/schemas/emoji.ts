import * as z from 'zod/mini';
import { text } from './text.ts';

/**
 * One form for all spellings of an emoji: that of Unicode's recommended set, which has U+FE0F behind each character that
 * would be text without it (UTS #51, ED-18a). Whatever is no emoji stays none.
 *
 * `❤`, `❤︎` and `❤️` are one emoji, skin tones and sequences are others.
 */
export function emojiNormalForm(value: string): string {
  return value
    .replace(/[\ufe0e\ufe0f]/g, '')
    .replace(/[\p{Emoji}--\p{Emoji_Presentation}](?!\p{Emoji_Modifier})/gv, '$&\ufe0f');
}

/** Text, normalised before anything is checked. */
export const emoji = text(
  z.minLength(1),
  z.maxLength(64),
  z.overwrite(emojiNormalForm),
  z.refine((value) => /^\p{RGI_Emoji}$/v.test(value), 'must be one emoji'),
  z.meta({
    description:
      'One emoji of Unicode’s recommended set (UTS #51, RGI). Spellings with and without U+FE0F are one emoji, which is answered as the set spells it.',
    examples: ['👍'],
  }),
);
