import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

const program = `
  import { appendFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { lockDirectory } from ${JSON.stringify(join(import.meta.dirname, '../directory-lock.ts'))};
  const [directory, book] = process.argv.slice(-2);
  for (let rounds = 0; rounds < 20; ) {
    try {
      const unlock = lockDirectory(directory, () => 'taken');
      appendFileSync(book, 'in ' + process.pid + '\\n');
      await sleep(1);
      appendFileSync(book, 'out ' + process.pid + '\\n');
      unlock();
      rounds += 1;
    } catch (error) {
      if (error.name !== 'DirectoryInUseError') throw error;
    }
    await sleep(1);
  }
`;

it('lets one of many processes at a time lock a directory, even after one was killed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-lock-'));
  const book = join(directory, 'book');
  await mkdir(join(directory, 'held'));
  await writeFile(join(directory, 'held', 'lock.left'), JSON.stringify({ pid: process.ppid, processStartedAt: '1' }));
  await writeFile(join(directory, 'held', 'lock.torn'), '{"pid":');
  const wanting = Array.from({ length: 4 }, () =>
    run(process.execPath, ['--input-type=module', '--eval', program, join(directory, 'held'), book]),
  );
  await Promise.all(wanting);
  const lines = (await readFile(book, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(4 * 20 * 2);
  for (let index = 0; index < lines.length; index += 2) {
    expect(lines[index + 1]).toBe(lines[index]?.replace('in', 'out'));
  }
  expect(await readdir(join(directory, 'held'))).toEqual([]);
  await rm(directory, { recursive: true });
});
