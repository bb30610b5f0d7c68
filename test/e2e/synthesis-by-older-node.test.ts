import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ChildProcess, root } from './cli/child-process.ts';

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))));

it('names the required Node before it loads other code, and writes no assembly', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-synthesis-'));
  directories.push(directory);
  const preload = join(directory, 'older.cjs');
  await writeFile(
    preload,
    "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });\ndelete Map.groupBy;\ndelete Object.groupBy;\n",
  );
  const app = new ChildProcess(
    process.execPath,
    ['--require', preload, '--import', 'tsx', join(root, 'bin/switchboard.ts')],
    { CDK_OUTDIR: join(directory, 'assembly') },
  );
  expect(await app.exit()).toBe(1);
  expect(app.errors).toHaveLength(1);
  expect(app.errors[0]).toMatch(/needs Node 24 or newer, but this is v20\.20\.2/);
  await expect(rm(join(directory, 'assembly'), { recursive: true })).rejects.toThrow('ENOENT');
});
