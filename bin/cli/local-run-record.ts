import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

const record = z.object({
  url: z.string(),
  awsUrl: z.string(),
  region: z.string().default('us-east-1'),
  pid: z.int(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
});

export type LocalRunRecord = z.output<typeof record>;

/** The same choice as `npm start`. */
export function dataDirectory(): string {
  return resolve(process.env['DATA_DIR'] ?? join(import.meta.dirname, '../../.switchboard'));
}

/** @throws CommandFailure if no local run uses the folder. */
export async function findLocalRun(): Promise<LocalRunRecord> {
  const path = join(dataDirectory(), 'run.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new CommandFailure(
      exitCodes.unreachable,
      `No local run was found in ${dataDirectory()}.\n` +
        'Start one in another terminal with npm start. Set DATA_DIR for another folder, or pass --aws for AWS.',
    );
  }
  const found = readRecord(text);
  if (found === undefined) {
    throw new CommandFailure(exitCodes.unreachable, `${path} is damaged. Start the local run again: npm start`);
  }
  if (!isAlive(found.pid)) {
    throw new CommandFailure(
      exitCodes.unreachable,
      `The local run has ended (process ${found.pid}). Start it again in another terminal: npm start`,
    );
  }
  return found;
}

/** Undefined if damaged. */
function readRecord(text: string): LocalRunRecord | undefined {
  try {
    return record.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
