import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../integration/log/seeded-random.ts';
import { progressOf, report } from '../../integration/system/report.ts';
import { seed, sized } from '../scale.ts';
import { type Verdict, runTests } from './run-tests.ts';
import { type SeededBug, type TestName, withBug } from './seeded-bug.ts';
import { seededBugs } from './seeded-bugs.ts';
import { copySources, type SourceCopy } from './source-copy.ts';

const root = join(import.meta.dirname, '../../..');

/** All of them, or some that take a second each. */
const tried = sized(
  seededBugs,
  drawn(
    seededBugs.filter(({ caughtBy }) => !caughtBy.file.startsWith('test/')),
    3,
  ),
);

function drawn(bugs: readonly SeededBug[], count: number): readonly SeededBug[] {
  const random = seededRandom(seed);
  return bugs
    .map((bug) => ({ bug, order: random() }))
    .sort((one, other) => one.order - other.order)
    .slice(0, count)
    .map(({ bug }) => bug);
}

let copy: SourceCopy;
const green = new Map<TestName, Verdict>();
const progress = progressOf('seeded bugs', tried.length);

beforeAll(async () => {
  copy = await copySources();
  // Those that need variables run apart, with theirs.
  const plain = tried.map(({ caughtBy }) => caughtBy).filter(({ environment }) => environment === undefined);
  const verdicts = await runTests(copy.directory, plain);
  plain.forEach((test, index) => green.set(test, verdicts[index] ?? 'did not run'));
  for (const { caughtBy } of tried.filter(({ caughtBy: { environment } }) => environment !== undefined)) {
    green.set(caughtBy, (await runTests(copy.directory, [caughtBy]))[0] ?? 'did not run');
  }
  report(`seeded bugs: ${tried.length} of ${seededBugs.length} (seed ${seed})`);
});

afterAll(() => copy.remove());

it('there are at least twenty of them, each told apart', () => {
  expect(seededBugs.length).toBeGreaterThanOrEqual(20);
  expect(new Set(seededBugs.map(({ name }) => name)).size).toBe(seededBugs.length);
});

it.each(seededBugs)('the place of "$name" is still there', async (bug) => {
  const source = await readFile(join(root, bug.file), 'utf8');
  expect(withBug(bug, source)).not.toBe(source);
});

it('a bug whose place is gone is noticed', () => {
  const [bug] = seededBugs;
  if (bug === undefined) throw new Error('There are no bugs');
  expect(() => withBug(bug, 'something else')).toThrow('is not there any more');
  expect(() => withBug(bug, bug.find + bug.find)).toThrow('is there 2 times');
});

describe.each(tried.map((bug, index) => ({ ...bug, index })))('$name', ({ index, ...bug }) => {
  it(`is found by "${bug.caughtBy.test}", which passes without it`, async () => {
    expect(green.get(bug.caughtBy)).toBe('passed');
    const [verdict] = await copy.with(bug, () => runTests(copy.directory, [bug.caughtBy]));
    progress(index + 1);
    expect(verdict).toBe('failed');
  });
});

it('every bug is in the list of the README, with what finds it', async () => {
  const readme = (await readFile(join(import.meta.dirname, '../README.md'), 'utf8')).replace(/ +\|/g, ' |');
  const rows = seededBugs.map(({ name, file, caughtBy }) => {
    const place = `[${file.split('/').at(-1)}](../../${file})`;
    return `| ${name} | ${place} | ${caughtBy.test} | [${caughtBy.file.split('/').at(-1)}](../../${caughtBy.file}) |`;
  });
  const listed = readme.split('\n').filter((line) => line.startsWith('| ') && line.includes('](../../'));
  expect(listed).toEqual(rows);
});
