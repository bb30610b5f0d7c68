import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux reports the times of another process in hundredths of a second. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const msPerTick = 10;

/**
 * Processor time in milliseconds that a local run has used so far: this process with all its threads, and the DynamoDB
 * engine. The engine's share is available on Linux only.
 */
export function processorTimeMs(dataDirectory: string): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + engineTimeMs(dataDirectory);
}

function engineTimeMs(dataDirectory: string): number {
  const pidFile = join(dataDirectory, 'dynamodb.pid');
  if (!existsSync(pidFile)) return 0;
  const statFile = `/proc/${readFileSync(pidFile, 'utf8').trim()}/stat`;
  if (!existsSync(statFile)) return 0;
  // The name of the program is in brackets and may contain spaces.
  const fields = readFileSync(statFile, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const [userTicks, systemTicks] = [fields[11], fields[12]];
  return (Number(userTicks) + Number(systemTicks)) * msPerTick;
}
