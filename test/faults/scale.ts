/**
 * `npm run test:faults` runs this folder at full size. `npm test` runs a sample of seconds that changes with the seed.
 */
export const isFullSize = process.env['FAULTS'] === 'full';

export function sized<Size>(full: Size, short: Size): Size {
  return isFullSize ? full : short;
}
