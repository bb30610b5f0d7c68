import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../bin/build.ts';
import { root } from './cli/child-process.ts';

let dataDirectory: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  await build();
  dataDirectory = join(await mkdtemp(join(tmpdir(), 'switchboard-start-')), 'data');
  mkdirSync(dataDirectory);
  chmodSync(dataDirectory, 0o755);
  // Earlier versions created this file readable for others.
  writeFileSync(join(dataDirectory, 'mails.jsonl'), '');
  chmodSync(join(dataDirectory, 'mails.jsonl'), 0o644);
  writeFileSync(join(dataDirectory, 'notes of mine.txt'), '');
  chmodSync(join(dataDirectory, 'notes of mine.txt'), 0o644);
});

afterAll(async () => {
  for (const { pid, exitCode } of started) if (exitCode === null && pid !== undefined) endGroup(pid, 'SIGKILL');
  await rm(join(dataDirectory, '..'), { recursive: true, force: true });
});

function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The process group has already ended.
  }
}

interface Started {
  readonly npm: ChildProcess;
  readonly url: string;
  readonly pids: readonly number[];
}

async function startNpm(): Promise<Started> {
  const npm = spawn('sh', ['-c', 'umask 000; exec npm start'], {
    cwd: root,
    detached: true,
    env: { ...process.env, PORT: '0', DATA_DIR: dataDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(npm);
  const errors: string[] = [];
  createInterface({ input: npm.stderr }).on('line', (line) => errors.push(line));
  const lines = createInterface({ input: npm.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes('Ctrl-C stops everything')) resolve();
    });
    npm.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${errors.join('\n')}`)));
  });
  const { url, pid } = JSON.parse(readFileSync(join(dataDirectory, 'run.json'), 'utf8')) as {
    url: string;
    pid: number;
  };
  const enginePid = Number(readFileSync(join(dataDirectory, 'dynamodb.pid'), 'utf8'));
  return { npm, url, pids: [pid, enginePid] };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Ignore zombie processes.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}

async function expectNothingLeft({ npm, pids }: Started): Promise<void> {
  if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'exit');
  await expect.poll(() => pids.filter(isAlive), { timeout: 20_000, interval: 50 }).toEqual([]);
  expect(readdirSync(dataDirectory).filter((name) => name === 'run.json' || name.includes('lock.'))).toEqual([]);
}

async function logIn(url: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenant: 'demo', email: 'alice@demo.test', password: 'Switchboard-1!' }),
  });
  return response.status;
}

function openToOthers(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return ['', ...names].filter((name) => (lstatSync(join(directory, name)).mode & 0o077) !== 0);
}

describe('npm start', () => {
  it('ends with npm and leaves no process running', async () => {
    const run = await startNpm();
    expect(openToOthers(dataDirectory)).toEqual(['notes of mine.txt']);
    run.npm.kill('SIGTERM');
    await expectNothingLeft(run);
  });

  it('ends when the program itself ends', async () => {
    const run = await startNpm();
    const [pid = 0] = run.pids;
    process.kill(pid, 'SIGTERM');
    await expectNothingLeft(run);
  });

  it('ends with its terminal and keeps its data for the next start', async () => {
    const run = await startNpm();
    expect(await logIn(run.url)).toBe(200);
    endGroup(run.npm.pid ?? 0, 'SIGHUP');
    await expectNothingLeft(run);
    expect(openToOthers(dataDirectory)).toEqual(['notes of mine.txt']);
  });
});
