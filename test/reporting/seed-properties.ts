import fc from 'fast-check';
import { seed } from './seed.ts';

/** Set-up of each test file: properties of fast-check draw from the seed of the run. */
fc.configureGlobal({ seed });
