import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Kills the table's engine of a run; its supervisor starts another on the same data. */
export function killEngine(dataDirectory: string): void {
  const pid = Number(readFileSync(join(dataDirectory, 'dynamodb.pid'), 'utf8'));
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`There is no engine to kill: ${pid}`);
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Dead from the last time, and about to be started again.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
