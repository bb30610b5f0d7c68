import { writeSync } from 'node:fs';
import { seed } from './seed.ts';

/** Prints the seed before anything can fail, and passes it to all workers. */
export function setup(): void {
  process.env['SEED'] = String(seed);
  writeSync(2, `SEED=${seed} (draws the same again: SEED=${seed} npm test)\n`);
}
