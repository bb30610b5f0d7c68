import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { progressOf, report } from '../../integration/system/report.ts';
import { isFullSize, shareOf } from '../scale.ts';
import { seed } from '../../reporting/seed.ts';
import { type Verdict, runTests } from './run-tests.ts';
import { type TestName, withBug } from './seeded-bug.ts';
import { seededBugs } from './seeded-bugs.ts';
import { copySources, type SourceCopy } from './source-copy.ts';

const root = join(import.meta.dirname, '../../..');

const quick = seededBugs.filter(({ caughtBy }) => !caughtBy.file.startsWith('test/'));
const tried = isFullSize ? seededBugs : shareOf(quick, Math.ceil(quick.length / 3), seed);

let copy: SourceCopy;
const green = new Map<TestName, Verdict>();
const progress = progressOf('seeded bugs', tried.length);

beforeAll(async () => {
  copy = await copySources();
  const plain = tried.map(({ caughtBy }) => caughtBy).filter(({ environment }) => environment === undefined);
  const verdicts = await runTests(copy.directory, plain);
  plain.forEach((test, index) => green.set(test, verdicts[index] ?? 'did not run'));
  for (const { caughtBy } of tried.filter(({ caughtBy: { environment } }) => environment !== undefined)) {
    green.set(caughtBy, (await runTests(copy.directory, [caughtBy]))[0] ?? 'did not run');
  }
  report(`seeded bugs: ${tried.length} of ${seededBugs.length} (seed ${seed})`);
});

afterAll(() => copy.remove());

it('lists at least twenty bugs with unique names', () => {
  expect(seededBugs.length).toBeGreaterThanOrEqual(20);
  expect(new Set(seededBugs.map(({ name }) => name)).size).toBe(seededBugs.length);
});

it.each(seededBugs)('still finds the text of "$name"', async (bug) => {
  const source = await readFile(join(root, bug.file), 'utf8');
  expect(withBug(bug, source)).not.toBe(source);
});

it('reports a bug whose text no longer exists', () => {
  const [bug] = seededBugs;
  if (bug === undefined) throw new Error('There are no bugs');
  expect(() => withBug(bug, 'something else')).toThrow('no longer exists');
  expect(() => withBug(bug, bug.find + bug.find)).toThrow('occurs 2 times');
});

describe.each(tried.map((bug, index) => ({ ...bug, index })))('$name', ({ index, ...bug }) => {
  it(`is detected by "${bug.caughtBy.test}", which passes without it`, async () => {
    expect(green.get(bug.caughtBy)).toBe('passed');
    const [verdict] = await copy.with(bug, () => runTests(copy.directory, [bug.caughtBy]));
    progress(index + 1);
    expect(verdict).toBe('failed');
  });
});

it('lists every bug in the README, with the test that finds it', async () => {
  const readme = (await readFile(join(import.meta.dirname, '../README.md'), 'utf8')).replace(/ +\|/g, ' |');
  const rows = seededBugs.map(({ name, file, caughtBy }) => {
    const link = `[${file.split('/').at(-1)}](../../${file})`;
    return `| ${name} | ${link} | ${caughtBy.test} | [${caughtBy.file.split('/').at(-1)}](../../${caughtBy.file}) |`;
  });
  const listed = readme.split('\n').filter((line) => line.startsWith('| ') && line.includes('](../../'));
  expect(listed).toEqual(rows);
});
