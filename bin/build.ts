import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { DirectoryInUseError, lockDirectory } from '../local/directory-lock.ts';
import { prepareSite } from './site.ts';

const root = join(import.meta.dirname, '..');
const outputDirectory = join(root, 'cdk.out');
const cacheDirectory = join(root, 'node_modules/.cache/switchboard');
const recordFile = join(cacheDirectory, 'assembly.json');

const inputPatterns = [
  'lib/**/*.ts',
  'shared/**/*.ts',
  'functions/**/*.ts',
  'docs/site/**/*',
  'bin/build.ts',
  'cdk.json',
  'package-lock.json',
];

const dayMs = 24 * 60 * 60 * 1000;

interface BuildRecord {
  readonly inputs: string;
  readonly manifest: string;
}

/** Updates `cdk.out` for the stage `dev` if needed. Waits for other processes that build. */
export async function build(log: (line: string) => void = () => undefined): Promise<{ readonly changed: boolean }> {
  const unlock = await lockBuild(log);
  try {
    return await buildAlone(log);
  } finally {
    unlock();
  }
}

async function lockBuild(log: (line: string) => void): Promise<() => void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return lockDirectory(join(cacheDirectory, 'build'), (pid) => `Process ${pid} is building`);
    } catch (error) {
      if (!(error instanceof DirectoryInUseError)) throw error;
      if (attempt === 0) log(`${error.message}: waiting for it`);
      await sleep(100);
    }
  }
}

async function buildAlone(log: (line: string) => void): Promise<{ readonly changed: boolean }> {
  const startedAt = performance.now();
  await prepareSite();
  const inputs = await hashOfInputs();
  const before = await readRecord();
  if (before?.inputs === inputs && before.manifest === (await hashOfManifest())) {
    log(`cdk.out is up to date (${elapsed(startedAt)})`);
    return { changed: false };
  }
  log(existsSync(outputDirectory) ? 'Sources have changed: synthesising' : 'Synthesising');
  // The CDK takes a second to load.
  const { synthesise } = await import('../lib/synthesis.ts');
  await synthesise({ outputDirectory, log });
  await removeOldAssets();
  const record: BuildRecord = { inputs, manifest: (await hashOfManifest()) ?? '' };
  await writeFile(recordFile, JSON.stringify(record));
  log(`Wrote cdk.out (${elapsed(startedAt)})`);
  return { changed: true };
}

/** Keeps an asset for a day, because a running process may still use it. */
async function removeOldAssets(): Promise<void> {
  const names = await readdir(outputDirectory);
  const manifests = names.filter((name) => name.endsWith('.assets.json'));
  const referenced = (await Promise.all(manifests.map((name) => readFile(join(outputDirectory, name), 'utf8')))).join();
  for (const name of names.filter((each) => each.startsWith('asset.') && !referenced.includes(each))) {
    const path = join(outputDirectory, name);
    if (Date.now() - (await stat(path)).mtimeMs > dayMs) await rm(path, { recursive: true });
  }
}

async function hashOfInputs(): Promise<string> {
  const paths: string[] = [];
  for await (const entry of glob(inputPatterns, { cwd: root, withFileTypes: true })) {
    if (entry.isFile() && !entry.name.endsWith('.test.ts')) paths.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  const contents = await Promise.all(paths.sort().map((path) => readFile(path)));
  for (const [index, content] of contents.entries()) {
    hash.update(`${(paths[index] ?? '').slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function hashOfManifest(): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(join(outputDirectory, 'manifest.json')))
      .digest('hex');
  } catch {
    return undefined;
  }
}

async function readRecord(): Promise<BuildRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordFile, 'utf8')) as BuildRecord;
  } catch {
    return undefined;
  }
}

function elapsed(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await build((line) => console.error(line));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
