import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another client has the folder: two that send from one would mix up the order. */
export class OutboxInUseError extends Error {
  constructor(folder: string, processId: string) {
    super(`The outbox ${folder} is in use by ${processId === '' ? 'another process' : `process ${processId}`}`);
    this.name = 'OutboxInUseError';
  }
}

export interface FolderLock {
  /** Gives the folder up. */
  release(): Promise<void>;
}

const patienceMs = 1_000;

/**
 * Takes a folder for one client of this machine. The lock is a local socket that nobody needs to talk to: the system
 * gives its name to one process, and takes it back when the process ends in whatever way, so that no lock is left behind
 * by `kill -9`. Programs in other containers, or on other machines that share the folder, are not noticed.
 *
 * @throws OutboxInUseError if another client has it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const address = addressOf(await realpath(folder));
  let server = await listen(address);
  if (server === undefined) {
    const holder = await holderOf(address);
    // A file of a process that has ended; where names are no files there is none.
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

/** Linux has names that are no files, Windows pipes; elsewhere it is a file, whose path may not be long. */
function addressOf(folder: string): string {
  const name = `switchboard-outbox-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
}

/** Nothing if the name is taken. */
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
    // Not shared among the workers of a cluster.
    server.listen({ path, exclusive: true }, () => resolve(server));
  });
}

/** The process that has the name, empty if it does not say; nothing if nobody is there. */
function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(path);
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
    });
    socket.on('close', () => resolve(/^\d+$/.test(said) ? said : ''));
  });
}
