import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux reports hundredths of a second. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const msPerTick = 10;

/** Milliseconds of this process and the DynamoDB engine. Includes the engine on Linux only. */
export function processorTimeMs(dataDirectory: string): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + engineTimeMs(dataDirectory);
}

function engineTimeMs(dataDirectory: string): number {
  const pidFile = join(dataDirectory, 'dynamodb.pid');
  if (!existsSync(pidFile)) return 0;
  const statFile = `/proc/${readFileSync(pidFile, 'utf8').trim()}/stat`;
  if (!existsSync(statFile)) return 0;
  // The program's name may contain spaces.
  const fields = readFileSync(statFile, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const [userTicks, systemTicks] = [fields[11], fields[12]];
  return (Number(userTicks) + Number(systemTicks)) * msPerTick;
}
