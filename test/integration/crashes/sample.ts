import { isFullSize } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import { oneIn, type PointFilter } from './sweep.ts';

/** `npm run test:faults` tries every point. An odd share selects all kinds of fault each day. */
export const sample: { readonly isTried?: PointFilter } = isFullSize ? {} : { isTried: oneIn(53, seed) };
