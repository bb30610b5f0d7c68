import { ignoredCharacters, wordCharacters } from './word-characters.ts';

/** A query by what it asks for, as it was written. */
export interface QueryTerms {
  /** Words of which each has to begin a word. */
  readonly beginnings: string;
  /** What stood in quotation marks: whole words, one after the other. */
  readonly phrases: readonly string[];
  /** What stood behind a minus sign: words, or phrases, that a message must not have. */
  readonly excluded: readonly string[];
}

/** A minus sign counts at the beginning of a word only: `e-mail` is two words. An unclosed quotation mark is ignored. */
const special = new RegExp(
  String.raw`(?<=^|\s)(?<minus>[-\u2212])?(?:"(?<straight>[^"]*)"|[\u201c\u201e](?<curved>[^\u201c\u201d]*)[\u201c\u201d]|\u00ab(?<angled>[^\u00bb]*)\u00bb|(?<=[-\u2212])(?<word>[^\s"\u201c\u201e\u00ab]+))`,
  'gu',
);
const anyWord = new RegExp(`[${wordCharacters}]`, 'u');
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

/** Whether a text has anything that can be searched for. */
export function hasWord(text: string): boolean {
  return anyWord.test(text.replace(ignored, ''));
}
