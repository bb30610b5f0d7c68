import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Two clients that send from one folder would change the order of messages. */
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
 * The lock is a local socket's name, which the system releases however the process ends. It does not cover other
 * containers or machines.
 *
 * @throws OutboxInUseError.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const address = addressOf(await realpath(folder));
  let server = await listen(address);
  if (server === undefined) {
    const holder = await holderOf(address);
    // A socket file outlives its process.
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

/** Linux has abstract names, Windows pipes. A socket file's path must be short. */
function addressOf(folder: string): string {
  const name = `switchboard-outbox-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
}

/** Undefined if another process has the name. */
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
    // Otherwise, a cluster's workers share the name.
    server.listen({ path, exclusive: true }, () => resolve(server));
  });
}

/** '' if the process does not answer, undefined if there is none. */
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
