import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { functionNames } from '../lib/functions/definitions.ts';
import { deriveGrants, serialisedGrants } from './grants/derive-grants.ts';

// `npm run grants` writes lib/functions/grants.json. `-- --check` writes nothing, and fails if the file is stale.

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const file = 'lib/functions/grants.json';
const path = resolve(import.meta.dirname, '..', file);
const text = serialisedGrants(deriveGrants(functionNames));
const old = await readFile(path, 'utf8').catch(() => undefined);
if (old === text) {
  console.log(`${file} is current.`);
} else if (options.check) {
  console.log(`${file} does not match the code. Run npm run grants, review the change and commit it.`);
  process.exitCode = 1;
} else {
  await writeFile(path, text);
  console.log(`${file} was written: review the change.`);
}
