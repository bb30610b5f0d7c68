import { isFullSize } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import { oneIn, type PointFilter } from './sweep.ts';

/** `npm run test:faults` tries every point. `npm test` tries one in 25, drawn by the seed. */
export const sample: { readonly isTried?: PointFilter } = isFullSize ? {} : { isTried: oneIn(25, seed) };
