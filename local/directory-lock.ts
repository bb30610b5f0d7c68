import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Holder {
  readonly pid: number;
  /** Distinguishes processes with the same number. */
  readonly processStartedAt: string | undefined;
}

/** Two processes would corrupt a directory's data. */
export class DirectoryInUseError extends Error {
  readonly pid: number;

  constructor(message: string, pid: number) {
    super(message);
    this.name = 'DirectoryInUseError';
    this.pid = pid;
  }
}

const held = new Set<string>();
const prefix = 'lock.';
const mostAttempts = 10;
const longestPauseMs = 10;

/**
 * Creates the directory if needed. Each candidate writes its own file and holds the lock if it finds no other live
 * candidate's, so at most one succeeds.
 *
 * @returns the function that releases the lock.
 * @throws DirectoryInUseError with the message of `inUse`.
 */
export function lockDirectory(directory: string, inUse: (pid: number) => string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt += 1) {
    const path = join(directory, prefix + randomUUID());
    held.add(path);
    writeWhole(path, JSON.stringify({ pid: process.pid, processStartedAt: startOf(process.pid) } satisfies Holder));
    const unlock = (): void => {
      held.delete(path);
      rmSync(path, { force: true });
    };
    const holder = otherHolder(directory, path);
    if (holder === undefined) return unlock;
    unlock();
    if (attempt === mostAttempts) throw new DirectoryInUseError(inUse(holder.pid), holder.pid);
    // The other candidate may fail too, so the pause is random.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * longestPauseMs);
  }
}

function writeWhole(path: string, content: string): void {
  const temporary = join(dirname(path), `.${basename(path)}`);
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

/** Removes the files of ended candidates. */
function otherHolder(directory: string, own: string): Holder | undefined {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (!name.startsWith(prefix) || path === own) continue;
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder, path)) return holder;
    rmSync(path, { force: true });
  }
  return undefined;
}

/** Undefined if removed, or unreadable after a power failure. */
function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder, path: string): boolean {
  if (holder.pid === process.pid) return held.has(path);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: a live process of another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.processStartedAt === undefined || startOf(holder.pid) === holder.processStartedAt;
}

/** Field 22 of `/proc/<pid>/stat`; undefined without `/proc`. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
