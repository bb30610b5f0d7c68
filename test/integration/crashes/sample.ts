import { isFullSize } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import { oneIn, type PointFilter } from './sweep.ts';

/** `npm run test:faults` tries every point, `npm test` one in 25. */
export const sample: { readonly isTried?: PointFilter } = isFullSize ? {} : { isTried: oneIn(25, seed) };
