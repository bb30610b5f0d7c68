import { describe, expect, it } from 'vitest';
import { deckOf, seededRandom } from './seeded-random.ts';

describe('a deck', () => {
  it('contains every outcome with its count, in every round and for every seed', () => {
    for (let seed = 0; seed < 500; seed += 1) {
      const draw = deckOf({ rare: 1, common: 9 }, seededRandom(seed));
      for (let round = 0; round < 5; round += 1) {
        expect(Array.from({ length: 10 }, draw).filter((card) => card === 'rare')).toHaveLength(1);
      }
    }
  });

  it('has the same order for the same seed and another one for another seed', () => {
    const drawn = (seed: number) => {
      const draw = deckOf({ rare: 5, common: 5 }, seededRandom(seed));
      return Array.from({ length: 50 }, draw).join();
    };
    expect(drawn(1)).toBe(drawn(1));
    expect(new Set(Array.from({ length: 100 }, (_, seed) => drawn(seed))).size).toBe(100);
  });

  it('throws when it has no cards', () => {
    expect(deckOf({}, seededRandom(1))).toThrow('no cards');
  });
});
