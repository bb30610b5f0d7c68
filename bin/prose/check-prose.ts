import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { subjectsSinceBase } from './commit-subject.ts';
import { passagesOfFile } from './file-passages.ts';
import { findingsIn } from './findings.ts';
import type { Finding } from './findings.ts';

const help = `Checks the language of comments, documents, test names, texts of the contract and the
command line, and commit subjects against the rules in bin/prose/prose-rules.ts.

Usage: npm run prose [-- [--count] [path …]]

  path      file or folder to check (default: the whole repository and its commits)
  --count   print the number of findings in each folder
  --help    print this text

Exits with 1 if there are findings.`;

const root = resolve(import.meta.dirname, '../..');
const skipped = new Set(['node_modules', 'cdk.out', 'dist', 'coverage', '.git', '.switchboard']);

function filesUnder(path: string): string[] {
  const absolute = join(root, path);
  if (statSync(absolute).isFile()) return /\.(?:ts|mjs|js|md)$/.test(path) ? [path] : [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && (entry.isDirectory() || entry.isFile()))
    .flatMap((entry) => filesUnder(posix.join(path, entry.name)))
    .sort();
}

function commitFindings(): Finding[] {
  return subjectsSinceBase(root).flatMap(({ commit, subject }) =>
    findingsIn(commit, [{ kind: 'commit', line: 1, original: subject, prose: subject }]),
  );
}

function printCounts(findings: readonly Finding[]): void {
  const counts = Map.groupBy(findings, ({ path }) =>
    path
      .split('/')
      .slice(0, 3)
      .join('/')
      .replace(/\/[^/]*\.\w+$/, ''),
  );
  for (const [folder, { length }] of [...counts].sort(([, a], [, b]) => b.length - a.length)) {
    console.log(`${String(length).padStart(6)}  ${folder}`);
  }
  console.log(`${String(findings.length).padStart(6)}  in total`);
}

const { values, positionals } = parseArgs({
  options: { count: { type: 'boolean' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
if (values.help) {
  console.log(help);
} else {
  const paths = positionals.map((path) => relative(root, resolve(path)).split(sep).join('/'));
  const files = (paths.length === 0 ? [''] : paths).flatMap(filesUnder);
  const findings = [
    ...files.flatMap((path) => findingsIn(path, passagesOfFile(path, readFileSync(join(root, path), 'utf8')))),
    ...(paths.length === 0 ? commitFindings() : []),
  ];
  if (values.count) printCounts(findings);
  else
    for (const { path, line, rule, words, fix } of findings) console.log(`${path}:${line} ${rule}: ${words} → ${fix}`);
  if (findings.length > 0) process.exitCode = 1;
}
