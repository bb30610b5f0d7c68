import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const ownerOnly = 0o077;

/**
 * Makes this process and its child processes create files that only their owner can read: the engine and the stores do
 * not set a mode. A worker thread cannot do so; there, the directory's mode must suffice.
 *
 * @returns the function that undoes it.
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

/** The entries of a data directory that this module changes; others stay unchanged. */
const own =
  /^(?:messages|objects|dynamodb\.|dynamodb-|kms-keys|mails|pushes|push-endpoints|expired|stream-|asynchronous-|run\.json|seeded)/;

/** Removes the rights of other users from a data directory that an earlier version or the user created with them. */
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
    // The engine of a killed run may still be removing its files.
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
