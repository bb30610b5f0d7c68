/** Mulberry32. The seed determines the sequence. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Draws all cards, then shuffles them again. Independent draws can miss an outcome.
 * @param counts - the number of each outcome.
 */
export function deckOf<Card extends string>(counts: Readonly<Record<Card, number>>, random: () => number): () => Card {
  const cards = Object.entries<number>(counts).flatMap(([card, count]) => Array<Card>(count).fill(card as Card));
  let left: Card[] = [];
  return () => {
    if (left.length === 0) left = [...cards];
    const [drawn] = left.splice(Math.floor(random() * left.length), 1);
    if (drawn === undefined) throw new Error('The deck has no cards');
    return drawn;
  };
}
