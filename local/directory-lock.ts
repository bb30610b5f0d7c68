import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Holder {
  readonly pid: number;
  /** When the process was started, as the system counts it: a number taken again by another process is told apart. */
  readonly processStartedAt: string | undefined;
}

/** Two processes at once would ruin what the directory holds. */
export class DirectoryInUseError extends Error {
  readonly pid: number;

  constructor(message: string, pid: number) {
    super(message);
    this.name = 'DirectoryInUseError';
    this.pid = pid;
  }
}

/** Locks of this process itself. */
const held = new Set<string>();
const prefix = 'lock.';
const mostAttempts = 10;
const longestPauseMs = 10;

/**
 * Takes a directory for this process, making it if needed. Each process that wants it has a file of its own there, and
 * has the directory if it finds no other's after that: of two that come at once one or none finds the other missing,
 * never both. The file of a process that is no more, however it ended, does not count, and anybody may remove it.
 *
 * @returns the function that gives it back.
 * @throws DirectoryInUseError, with what `inUse` says of the process that has it.
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
    const other = otherHolder(directory, path);
    if (other === undefined) return unlock;
    unlock();
    if (attempt === mostAttempts) throw new DirectoryInUseError(inUse(other.pid), other.pid);
    // The other may only have looked, too.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * longestPauseMs);
  }
}

/** Writes a file: whoever sees it sees all of it. */
function writeWhole(path: string, content: string): void {
  const temporary = join(dirname(path), `.${basename(path)}`);
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

/** A living process that wants the directory, beside the one with this file. Removes files of others. */
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

/** Who has a file; nothing if it was given back meanwhile, or cannot be read: a machine that lost its power leaves such. */
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
    // A process of somebody else is alive too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.processStartedAt === undefined || startOf(holder.pid) === holder.processStartedAt;
}

/** The start time of a process where the system has a `/proc`: field 22 of its `stat`. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
