/** Finds words that must not be somewhere, in whatever spelling they could have got there. */

/** All the ways in which a text may be hidden in another. Texts are compared without regard to case. */
function spellingsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].flatMap((shift) => {
    // At each of the three places that a byte can have in a group of four characters; the rims depend on neighbours.
    const coded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const inner = coded.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const escaped = JSON.stringify(text).slice(1, -1);
  const unicode = text.replace(/[^ -~]/gu, (character) =>
    [...character].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
  const plain = [text, encodeURIComponent(text), escaped, unicode, bytes.toString('hex')];
  return [...new Set([...plain.map((one) => one.toLowerCase()), ...base64])];
}

/** Looks for any of some words in texts. */
export class Lookout {
  readonly #words: readonly { readonly word: string; readonly spellings: readonly string[] }[];

  constructor(words: Iterable<string>) {
    this.#words = [...new Set(words)].map((word) => {
      // Shorter words occur by chance in base64.
      if (word.length < 8) throw new Error(`"${word}" is too short to be told from chance`);
      return { word, spellings: spellingsOf(word) };
    });
  }

  /** The words that a text contains. */
  in(text: string): string[] {
    const lower = text.toLowerCase();
    return this.#words
      .filter(({ spellings }) => spellings.some((spelling) => text.includes(spelling) || lower.includes(spelling)))
      .map(({ word }) => word);
  }
}
