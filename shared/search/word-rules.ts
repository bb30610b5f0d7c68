import { wordCharacters } from '../contract/search/word-characters.ts';

/** A text as it is searched. A query has the same form: beginnings of words, and stretches to find anywhere. */
export interface Words {
  /** Distinct words of scripts that put spaces between them. */
  readonly spaced: readonly string[];
  /** Distinct stretches of scripts that do not, and of emojis. */
  readonly unspaced: readonly string[];
}

const runs = new RegExp(`[${wordCharacters}]+`, 'gu');
/** Where words end in these scripts depends on the sentence, and on the dictionary of who looks: every sign counts. */
const unspacedSigns = String.raw`\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{Extended_Pictographic}\p{Regional_Indicator}`;
const pieces = new RegExp(`(?<unspaced>[${unspacedSigns}]+)|[^${unspacedSigns}]+`, 'gu');

/**
 * What people leave out when they search: accents of alphabets, Hebrew points, Arabic vowel signs and stretching, how an
 * emoji is drawn. Signs that make another letter of one, as in Japanese or Hindi, stay.
 */
const lightMarks = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\ufe00-\ufe0f]/gu; // prettier-ignore
/** Letters with a stroke or joined ones, which no normalisation takes apart. */
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ς: 'σ', đ: 'd', ð: 'd', ħ: 'h', ł: 'l', ø: 'o', ŧ: 't', æ: 'ae', œ: 'oe' },
};
const specialLetters = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'gu');

/** One form for all spellings of a text that are to find one another. */
export function folded(text: string): string {
  return (
    text
      .normalize('NFKC')
      // There and back: ß and ss, İ and i have one lower case only by way of the upper one.
      .toUpperCase()
      .toLowerCase()
      .normalize('NFD')
      .replaceAll(lightMarks, '')
      .normalize('NFC')
      .replaceAll(specialLetters, (letter) => plainLetters[letter] ?? letter)
  );
}

export function wordsOf(texts: readonly string[]): Words {
  const [spaced, unspaced] = [new Set<string>(), new Set<string>()];
  for (const text of texts) {
    for (const [run] of folded(text).matchAll(runs)) {
      for (const { 0: piece, groups } of run.matchAll(pieces)) {
        (groups?.['unspaced'] === undefined ? spaced : unspaced).add(piece);
      }
    }
  }
  return { spaced: [...spaced], unspaced: [...unspaced] };
}

export function isEmpty({ spaced, unspaced }: Words): boolean {
  return spaced.length + unspaced.length === 0;
}

/** Whether every word of the query begins a word of the text, and every stretch of it stands somewhere in it. */
export function matches(query: Words, text: Words): boolean {
  return (
    query.spaced.every((beginning) => text.spaced.some((word) => word.startsWith(beginning))) &&
    query.unspaced.every((stretch) => text.unspaced.some((other) => other.includes(stretch)))
  );
}

const stemLength = 3;

/**
 * What the index knows of a text: the first three letters of each word, of a Korean one the first syllable, and the
 * signs of stretches. A text that matches a query has all stems of the query. Shorter words have none: as a beginning
 * they would be in nearly every message.
 */
export function stemsOf({ spaced, unspaced }: Words): readonly string[] {
  const stems = new Set(unspaced.flatMap((stretch) => [...stretch]));
  for (const word of spaced) {
    // By code points; only the first are looked at.
    const letters = [...word.slice(0, 2 * stemLength)];
    const length = /^\p{Script=Hangul}/u.test(word) ? 1 : stemLength;
    if (letters.length >= length) stems.add(letters.slice(0, length).join(''));
  }
  return [...stems];
}
