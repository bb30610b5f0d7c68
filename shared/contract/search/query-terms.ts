import { ignoredCharacters, wordCharacters } from './word-characters.ts';

export interface QueryTerms {
  /** Each must begin a word of the message. */
  readonly beginnings: string;
  /** Consecutive whole words. */
  readonly phrases: readonly string[];
  readonly excluded: readonly string[];
}

/** A minus sign excludes only at a word's beginning: `e-mail` is two words. An unclosed quotation mark is ignored. */
const special = new RegExp(
  String.raw`(?<=^|\s)(?<minus>[-\u2212])?(?:"(?<straight>[^"]*)"|[\u201c\u201e](?<curved>[^\u201c\u201d]*)[\u201c\u201d]|\u00ab(?<angled>[^\u00bb]*)\u00bb|(?<=[-\u2212])(?<word>[^\s"\u201c\u201e\u00ab]+))`,
  'gu',
);
const words = new RegExp(`[${wordCharacters}]+`, 'gu');
const ignored = new RegExp(`[${ignoredCharacters}]`, 'gu');

export function queryTerms(query: string): QueryTerms {
  const phrases: string[] = [];
  const excluded: string[] = [];
  const beginnings = query.replace(special, (...match) => {
    const { minus, straight, curved, angled, word } = match.at(-1) as Readonly<Record<string, string | undefined>>;
    const text = straight ?? curved ?? angled ?? word ?? '';
    (minus === undefined ? phrases : excluded).push(text);
    return ' ';
  });
  return { beginnings, phrases: phrases.filter(hasWord), excluded: excluded.filter(hasWord) };
}

export function countWords(text: string): number {
  return text.replace(ignored, '').match(words)?.length ?? 0;
}

export function hasWord(text: string): boolean {
  return countWords(text) > 0;
}
