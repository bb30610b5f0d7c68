/** Texts are compared in lower case. */
function spellingsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].flatMap((shift) => {
    // One encoding for each position in three bytes. The edges depend on neighbours.
    const coded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const inner = coded.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const escaped = JSON.stringify(text).slice(1, -1);
  const unicode = text.replace(/[^ -~]/gu, (character) =>
    [...character].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
  const plain = [text, encodeURIComponent(text), escaped, unicode, bytes.toString('hex')];
  return [...new Set([...plain.map((spelling) => spelling.toLowerCase()), ...base64])];
}

export class Lookout {
  readonly #words: readonly { readonly word: string; readonly spellings: readonly string[] }[];

  constructor(words: Iterable<string>) {
    this.#words = [...new Set(words)].map((word) => {
      if (word.length < 8) throw new Error(`"${word}" is so short that it may occur by chance`);
      return { word, spellings: spellingsOf(word) };
    });
  }

  in(text: string): string[] {
    const lower = text.toLowerCase();
    return this.#words
      .filter(({ spellings }) => spellings.some((spelling) => text.includes(spelling) || lower.includes(spelling)))
      .map(({ word }) => word);
  }
}
