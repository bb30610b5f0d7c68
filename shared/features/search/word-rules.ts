import { ignoredCharacters, wordCharacters } from '../../contract/search/word-characters.ts';

/** In a query: beginnings of words, and runs of signs that may occur anywhere. */
export interface Words {
  /** Words of scripts with spaces between words. */
  readonly spaced: readonly string[];
  readonly unspaced: readonly string[];
}

const runs = new RegExp(`[${wordCharacters}]+`, 'gu');
/** Only a dictionary finds word ends in these scripts, so every sign is indexed. */
const unspacedSigns = String.raw`\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{Extended_Pictographic}\p{Regional_Indicator}`;
const pieces = new RegExp(`(?<unspaced>[${unspacedSigns}]+)|[^${unspacedSigns}]+`, 'gu');

/**
 * Marks that people leave out when they search: accents, Hebrew points, Arabic vowel signs and stretching, variants of
 * emojis. Marks that make a different letter stay.
 */
const lightMarks = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\ufe00-\ufe0f]/gu; // prettier-ignore
/** Unicode normalisation does not decompose these. */
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ς: 'σ', đ: 'd', ð: 'd', ħ: 'h', ł: 'l', ø: 'o', ŧ: 't', æ: 'ae', œ: 'oe' },
  // Code points differ by country's keyboard: alef, heh, kaf, yeh.
  ...{ '\u0671': '\u0627', '\u0629': '\u0647', '\u06be': '\u0647', '\u06c1': '\u0647', '\u06c3': '\u0647' },
  ...{ '\u06d5': '\u0647', '\u06a9': '\u0643', '\u06aa': '\u0643', '\u0649': '\u064a', '\u06cc': '\u064a' },
};
const ignored = new RegExp(`[${ignoredCharacters}]`, 'gu');
const specialLetters = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'gu');

/** Maps all spellings that must match each other to one form. */
export function folded(text: string): string {
  return (
    text
      .normalize('NFKC')
      .replaceAll(ignored, '')
      // Lower, upper, lower: only then do ẞ, ß and ss become equal, and İ and i.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .normalize('NFD')
      .replaceAll(lightMarks, '')
      .normalize('NFC')
      .replaceAll(specialLetters, (letter) => plainLetters[letter] ?? letter)
      .replaceAll(/(?![0-9])\p{Nd}/gu, asciiDigit)
  );
}

/** A script's digits are contiguous and start at zero (Unicode Standard, section 4.6). */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value += 1;
  return String(value);
}

interface Piece {
  readonly text: string;
  readonly isSpaced: boolean;
}

function piecesOf(text: string): readonly Piece[] {
  return [...folded(text).matchAll(runs)].flatMap(([run]) =>
    [...run.matchAll(pieces)].map(({ 0: piece, groups }) => ({
      text: piece,
      isSpaced: groups?.['unspaced'] === undefined,
    })),
  );
}

export function wordsOf(texts: readonly string[]): Words {
  const all = texts.flatMap(piecesOf);
  const distinct = (isSpaced: boolean) => [
    ...new Set(all.filter((piece) => piece.isSpaced === isSpaced).map((piece) => piece.text)),
  ];
  return { spaced: distinct(true), unspaced: distinct(false) };
}

/**
 * Whether the phrase's words follow each other in the text: whole words, or runs without spaces at any position, if
 * nothing separates them from the next word.
 */
export function hasPhrase(phrase: string, text: string): boolean {
  const wanted = piecesOf(phrase);
  const given = piecesOf(text);
  const last = wanted.length - 1;
  const fits = (target: Piece, piece: Piece | undefined, index: number): boolean => {
    if (piece === undefined || piece.isSpaced !== target.isSpaced) return false;
    if (piece.text === target.text) return true;
    if (target.isSpaced) return false;
    if (last === 0) return piece.text.includes(target.text);
    return (index === 0 && piece.text.endsWith(target.text)) || (index === last && piece.text.startsWith(target.text));
  };
  return (
    wanted.length > 0 &&
    given.some((_, start) => wanted.every((target, index) => fits(target, given[start + index], index)))
  );
}

export function isEmpty({ spaced, unspaced }: Words): boolean {
  return spaced.length + unspaced.length === 0;
}

/** Whether every query word begins a word of the text, and the text contains every run. */
export function matches(query: Words, text: Words): boolean {
  return (
    query.spaced.every((beginning) => text.spaced.some((word) => word.startsWith(beginning))) &&
    query.unspaced.every((run) => text.unspaced.some((signs) => signs.includes(run)))
  );
}

const prefixLength = 3;

/**
 * The indexed prefixes: the first three letters of each word (the first syllable in Korean), and the signs of runs. A
 * text that matches a query has all prefixes of the query. Shorter words have no prefix, because nearly every message
 * would have it.
 */
export function prefixesOf({ spaced, unspaced }: Words): readonly string[] {
  const prefixes = new Set(unspaced.flatMap((run) => [...run]));
  for (const word of spaced) {
    // Three code points need at most six UTF-16 units.
    const letters = [...word.slice(0, 2 * prefixLength)];
    const length = /^\p{Script=Hangul}/u.test(word) ? 1 : prefixLength;
    if (letters.length >= length) prefixes.add(letters.slice(0, length).join(''));
  }
  return [...prefixes];
}
