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

/** What a local run says about itself: where it listens, and how its account’s owner signs calls. */
export type LocalRunRecord = z.output<typeof record>;

/** Where the local run keeps its data, as `npm start` decides it. */
export function dataDirectory(): string {
  return resolve(process.env['DATA_DIR'] ?? join(import.meta.dirname, '../../.switchboard'));
}

/** The local run that is there. */
export async function findLocalRun(): Promise<LocalRunRecord> {
  const path = join(dataDirectory(), 'run.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new CommandFailure(
      exitCodes.unreachable,
      `There is no local run in ${dataDirectory()}.\n` +
        'Start one in another terminal: npm start. For another folder set DATA_DIR; for a deployment in AWS say --aws.',
    );
  }
  const found = readRecord(text);
  if (found === undefined) {
    throw new CommandFailure(exitCodes.unreachable, `${path} cannot be read. Start the local run again: npm start`);
  }
  if (!isAlive(found.pid)) {
    throw new CommandFailure(
      exitCodes.unreachable,
      `The local run has ended (process ${found.pid}). Start it again in another terminal: npm start`,
    );
  }
  return found;
}

/** Nothing if it is not what a local run writes, or only a part of it. */
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
    // A process of somebody else is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
