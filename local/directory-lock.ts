import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Holder {
  readonly pid: number;
  /** Distinguishes a process from an earlier one with the same number. */
  readonly processStartedAt: string | undefined;
}

/** Two processes would corrupt the data of one directory. */
export class DirectoryInUseError extends Error {
  readonly pid: number;

  constructor(message: string, pid: number) {
    super(message);
    this.name = 'DirectoryInUseError';
    this.pid = pid;
  }
}

/** Locks of this process. */
const held = new Set<string>();
const prefix = 'lock.';
const mostAttempts = 10;
const longestPauseMs = 10;

/**
 * Locks a directory for this process, and creates it if needed. Each candidate writes its own file. It then holds the lock
 * if it finds no file of another live candidate, so at most one of two concurrent candidates succeeds. Files of ended
 * processes are removed.
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
    // The other process may be a candidate that also fails, so the pause is random.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * longestPauseMs);
  }
}

/** Writes a file atomically. */
function writeWhole(path: string, content: string): void {
  const temporary = join(dirname(path), `.${basename(path)}`);
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

/** Returns another live candidate, and removes the files of ended ones. */
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

/** Returns undefined for a file that was removed or that is unreadable after a power failure. */
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
    // EPERM: the process is alive and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.processStartedAt === undefined || startOf(holder.pid) === holder.processStartedAt;
}

/** The process's start time: field 22 of `/proc/<pid>/stat`; undefined without `/proc`. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
