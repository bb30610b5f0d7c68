import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Directories that this process itself holds. */
const held = new Set<string>();

/**
 * Takes a directory for this process, making it if needed. The lock of a process that is no more, however it ended, is
 * taken over.
 *
 * @returns the function that gives it back.
 * @throws DirectoryInUseError, with what `inUse` says of the process that has it.
 */
export function lockDirectory(directory: string, inUse: (pid: number) => string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'lock');
  const mine: Holder = { pid: process.pid, processStartedAt: startOf(process.pid) };
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeWhole(path, JSON.stringify(mine));
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 100) throw error;
      const holder = readHolder(path);
      if (isHolder(holder) && isAlive(holder, directory)) {
        throw new DirectoryInUseError(inUse(holder.pid), holder.pid);
      }
      // One that was given back meanwhile may be another's by now.
      if (holder !== 'gone') rmSync(path, { force: true });
    }
  }
  held.add(directory);
  return () => {
    held.delete(directory);
    rmSync(path, { force: true });
  };
}

/** Writes a file that is not there yet: whoever sees it sees all of it. */
function writeWhole(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.${randomUUID()}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  try {
    linkSync(temporary, path);
  } finally {
    rmSync(temporary);
  }
}

/** Who holds a lock; `unreadable` is what a machine leaves that lost its power. */
function readHolder(path: string): Holder | 'gone' | 'unreadable' {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

const isHolder = (holder: Holder | string): holder is Holder => typeof holder !== 'string';

function isAlive(holder: Holder, directory: string): boolean {
  if (holder.pid === process.pid) return held.has(directory);
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
