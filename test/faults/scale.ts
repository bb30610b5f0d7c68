/**
 * `npm run test:faults` runs everything in this folder at its full size; `npm test` runs a sample that takes seconds and
 * changes with the seed.
 */
export const isFullSize = process.env['FAULTS'] === 'full';

export function sized<Size>(full: Size, short: Size): Size {
  return isFullSize ? full : short;
}
