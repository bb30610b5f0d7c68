import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another client uses the folder. Two clients that send from one folder would change the order of messages. */
export class OutboxInUseError extends Error {
  constructor(folder: string, processId: string) {
    super(`The outbox ${folder} is in use by ${processId === '' ? 'another process' : `process ${processId}`}`);
    this.name = 'OutboxInUseError';
  }
}

export interface FolderLock {
  release(): Promise<void>;
}

const patienceMs = 1_000;

/**
 * Locks a folder for one client of this machine. The lock is the name of a local socket: the system gives it to one
 * process and releases it however the process ends, even after `kill -9`. It does not cover other containers, nor other
 * machines that share the folder.
 *
 * @throws OutboxInUseError if another client holds the lock.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const address = addressOf(await realpath(folder));
  let server = await listen(address);
  if (server === undefined) {
    const holder = await holderOf(address);
    // A socket file outlives its process, unlike an abstract name or a pipe.
    if (holder === undefined && address.startsWith('/')) {
      await rm(address, { force: true });
      server = await listen(address);
    }
    if (server === undefined) throw new OutboxInUseError(folder, holder ?? '');
  }
  const held = server;
  held.unref();
  return { release: () => new Promise((resolve) => held.close(() => resolve())) };
}

/** Linux has abstract names, and Windows has pipes. Other systems use a socket file, whose path must be short. */
function addressOf(folder: string): string {
  const name = `switchboard-outbox-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
}

/** Returns undefined if another process has the name. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).unref();
      socket.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    // `exclusive` keeps the workers of a cluster from sharing the name.
    server.listen({ path, exclusive: true }, () => resolve(server));
  });
}

/** Returns the id of the process that has the name, '' if it does not answer, or undefined if no process has it. */
function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(path);
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
    });
    socket.on('close', () => resolve(/^\d+$/.test(answer) ? answer : ''));
  });
}
