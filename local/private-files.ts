import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const ownerOnly = 0o077;

/**
 * Makes new files private, also those of children. In a worker thread, only the directory's mode protects files.
 *
 * @returns a function that restores the earlier mode.
 */
export function keepFilesPrivate(): () => void {
  if (!isMainThread) return () => undefined;
  if (runs === 0) umaskBefore = process.umask(ownerOnly);
  runs += 1;
  return () => {
    runs -= 1;
    if (runs === 0) process.umask(umaskBefore);
  };
}

let runs = 0;
let umaskBefore = ownerOnly;

const own =
  /^(?:messages|objects|dynamodb\.|dynamodb-|kms-keys|mails|pushes|push-endpoints|expired|stream-|asynchronous-|run\.json|seeded)/;

export function makePrivate(directory: string): void {
  restrict(directory);
  for (const name of readdirSync(directory)) {
    if (own.test(name)) restrictAll(join(directory, name));
  }
}

function restrictAll(path: string): void {
  try {
    if (!restrict(path)) return;
    for (const name of readdirSync(path)) restrictAll(join(path, name));
  } catch (error) {
    // A killed run's engine may still remove its files.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** True for a directory. */
function restrict(path: string): boolean {
  const about = lstatSync(path);
  if (about.isSymbolicLink()) return false;
  const isOwn = process.getuid === undefined || about.uid === process.getuid();
  if (isOwn && (about.mode & ownerOnly) !== 0) chmodSync(path, about.mode & ~ownerOnly & 0o7777);
  return about.isDirectory();
}
