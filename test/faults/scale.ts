/**
 * `npm run test:faults` runs everything in this folder at its full size; `npm test` runs the same files at a size that
 * takes seconds, drawn anew each time from the seed.
 */
export const isFullSize = process.env['FAULTS'] === 'full';

/** The seed of everything that is drawn: taken from `SEED`, else made. Print it wherever something can fail. */
export const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** One of two sizes. */
export function sized<Size>(full: Size, short: Size): Size {
  return isFullSize ? full : short;
}
