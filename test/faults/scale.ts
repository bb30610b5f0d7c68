import { seed } from '../reporting/seed.ts';

/** `npm run test:faults` runs this folder at full size; `npm test` runs a sample that changes with the seed. */
export const isFullSize = process.env['FAULTS'] === 'full';

export function sized<Size>(full: Size, short: Size): Size {
  return isFullSize ? full : short;
}

export function sampled<Item>(items: readonly Item[], count: number): readonly Item[] {
  return isFullSize ? items : shareOf(items, count, seed);
}

/** One in `count` items. `count` consecutive seeds cover all items. */
export function shareOf<Item>(items: readonly Item[], count: number, ofSeed: number): readonly Item[] {
  return items.filter((_item, index) => (index + ofSeed) % count === 0);
}
