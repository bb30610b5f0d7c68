import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { breakingChanges, breakingFrameChanges } from '../shared/contract/documents/breaking-changes.ts';
import type { FrameDocument, HttpDocument } from '../shared/contract/documents/breaking-changes.ts';
import { currentDocuments, serialised } from '../shared/contract/documents/current.ts';
import packageDescription from '../package.json' with { type: 'json' };
import { prepareSite } from './site.ts';

// `npm run documents` writes the site and the files derived from the contract. It prints changes that break clients.
// `-- --check` writes nothing, and fails if a file is outdated.

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const directory = resolve(import.meta.dirname, '..');
const { openapi, asyncapi, methodsByPath } = currentDocuments(packageDescription.version);
const documents = [
  {
    file: 'docs/openapi.json',
    text: serialised(openapi),
    changes: (old: unknown) => breakingChanges(old as HttpDocument, openapi as unknown as HttpDocument),
  },
  {
    file: 'docs/asyncapi.json',
    text: serialised(asyncapi),
    changes: (old: unknown) => breakingFrameChanges(old as FrameDocument, asyncapi as FrameDocument),
  },
  { file: 'shared/transport/methods-by-path.json', text: serialised(methodsByPath), changes: () => [] },
];

for (const { file, text, changes } of documents) {
  const path = resolve(directory, file);
  const old = await readFile(path, 'utf8').catch(() => undefined);
  if (old === text) {
    console.log(`${file} is current.`);
    continue;
  }
  const breaking = old === undefined ? [] : changes(JSON.parse(old));
  for (const change of breaking) console.log(`Breaks clients: ${change}`);
  if (options.check) {
    console.log(`${file} does not match the contract: run npm run documents and commit the result.`);
    process.exitCode = 1;
  } else {
    await writeFile(path, text);
    console.log(`${file} was written${breaking.length === 0 ? '' : `: ${breaking.length} changes break clients`}.`);
  }
}
if (!options.check) await prepareSite();
