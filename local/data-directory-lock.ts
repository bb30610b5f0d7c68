import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Holder {
  readonly pid: number;
  /** When the process was started, as the system counts it: a number taken again by another process is told apart. */
  readonly processStartedAt: string | undefined;
}

/** Two runs at once on the same data would ruin it. */
export class DataDirectoryInUseError extends Error {
  constructor(directory: string, pid: number) {
    super(
      `The data directory ${directory} is in use by another local run (process ${pid}). ` +
        `Stop that one, or choose another directory: DATA_DIR=.switchboard-2 npm start`,
    );
    this.name = 'DataDirectoryInUseError';
  }
}

/** Directories that this process itself holds. */
const held = new Set<string>();

/**
 * Takes a data directory for this process, making it if needed. The lock of a process that is no more, however it
 * ended, is taken over.
 *
 * @returns the function that gives it back.
 * @throws DataDirectoryInUseError
 */
export function lockDataDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'lock');
  const mine: Holder = { pid: process.pid, processStartedAt: startOf(process.pid) };
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error;
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder, directory)) throw new DataDirectoryInUseError(directory, holder.pid);
      rmSync(path, { force: true });
    }
  }
  held.add(directory);
  return () => {
    held.delete(directory);
    rmSync(path, { force: true });
  };
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    // Gone, or the rest of a process that died while writing.
    return undefined;
  }
}

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
