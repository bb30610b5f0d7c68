import { queryTerms } from '../../contract/search/query-terms.ts';
import { hasPhrase, matches as matchesWords, isEmpty as hasNoWord, type Words, wordsOf } from './word-rules.ts';

export interface Query {
  /** Includes the words of phrases. */
  readonly words: Words;
  readonly phrases: readonly string[];
  readonly excluded: readonly string[];
}

export function parseQuery(query: string): Query {
  const { beginnings, phrases, excluded } = queryTerms(query);
  return { words: wordsOf([beginnings, ...phrases]), phrases, excluded };
}

export function isEmpty({ words }: Query): boolean {
  return hasNoWord(words);
}

/** A phrase must match within one text. */
export function matches({ words, phrases, excluded }: Query, texts: readonly string[]): boolean {
  const has = (phrase: string) => texts.some((text) => hasPhrase(phrase, text));
  return matchesWords(words, wordsOf(texts)) && phrases.every(has) && !excluded.some(has);
}
