import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The supervisor starts another engine on the same data. */
export function killEngine(dataDirectory: string): void {
  const pid = Number(readFileSync(join(dataDirectory, 'dynamodb.pid'), 'utf8'));
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`There is no engine to kill: ${pid}`);
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // The engine is still dead from the last kill.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
