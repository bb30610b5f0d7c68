import fc from 'fast-check';
import { seed } from './seed.ts';

/** fast-check draws from the seed of the run. */
fc.configureGlobal({ seed });
