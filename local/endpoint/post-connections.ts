import { validateHeaderValue } from 'node:http';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ServiceResponse } from '../contract.ts';
import { readPostHead } from './post-head.ts';
import type { RequestHead } from './post-head.ts';

/** Undefined if the connection must break. */
export type Answer = (request: RequestHead, body: Buffer) => Promise<ServiceResponse | undefined>;

/** `node:http` rejects longer heads. */
const longestHead = 16 * 1024;
/** Bytes; reading pauses above. */
const mostUnread = 2 * 1024 * 1024;
const keepAliveSeconds = 120;

/**
 * Parses plain POSTs, nearly all SDK calls. `node:http` handles all others, and costs several times as much.
 *
 * @returns a function that closes the connections that `node:http` does not have.
 */
export function readPostsByHand(server: Server, answer: Answer): () => void {
  const byNode = server.listeners('connection') as ((socket: Socket) => void)[];
  const connections = new Set<PostConnection>();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const connection = new PostConnection(socket, answer, (released) => {
      connections.delete(connection);
      if (released) for (const listener of byNode) listener.call(server, socket);
    });
    connections.add(connection);
  });
  return () => {
    for (const connection of connections) connection.close();
  };
}

const headEnd = Buffer.from('\r\n\r\n');

class PostConnection {
  readonly #socket: Socket;
  readonly #answer: Answer;
  readonly #leave: (released: boolean) => void;
  #unread: Buffer = Buffer.alloc(0);
  #arriving: { readonly request: RequestHead; readonly bodyStart: number; readonly end: number } | undefined;
  #isAnswering = false;
  #isEnded = false;

  readonly #onData = (chunk: Buffer): void => {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    if (!this.#isAnswering) this.#read();
    else if (this.#unread.length > mostUnread) this.#socket.pause();
  };
  readonly #onEnd = (): void => {
    this.#isEnded = true;
    if (!this.#isAnswering) this.close();
  };
  readonly #onTimeout = (): void => {
    if (!this.#isAnswering) this.close();
  };
  readonly #onError = (): void => this.close();
  readonly #onClose = (): void => this.#leave(false);

  constructor(socket: Socket, answer: Answer, leave: (released: boolean) => void) {
    this.#socket = socket;
    this.#answer = answer;
    this.#leave = leave;
    socket.setTimeout(keepAliveSeconds * 1000);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('timeout', this.#onTimeout);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(): void {
    const { length } = this.#unread;
    if (length === 0) return;
    if (this.#arriving === undefined) {
      const headLength = this.#unread.indexOf(headEnd);
      if (headLength < 0 && length <= longestHead) return;
      const isReadable = headLength >= 0 && headLength <= longestHead;
      const head = !isReadable ? undefined : readPostHead(this.#unread.toString('latin1', 0, headLength));
      if (head === undefined) {
        this.#release();
        return;
      }
      const bodyStart = headLength + headEnd.length;
      this.#arriving = { request: head.request, bodyStart, end: bodyStart + head.contentLength };
    }
    const { request, bodyStart, end } = this.#arriving;
    if (length < end) return;
    const body = this.#unread.subarray(bodyStart, end);
    this.#unread = this.#unread.subarray(end);
    this.#arriving = undefined;
    void this.#respond(request, body);
  }

  async #respond(request: RequestHead, body: Buffer): Promise<void> {
    this.#isAnswering = true;
    const response = await this.#answer(request, body);
    this.#isAnswering = false;
    if (response === undefined || this.#socket.destroyed) {
      this.close();
      return;
    }
    this.#write(response);
    if (this.#isEnded) {
      this.#socket.end();
      return;
    }
    this.#socket.resume();
    this.#read();
  }

  #write({ status, headers, body }: ServiceResponse): void {
    let head = `HTTP/1.1 ${status} \r\nDate: ${httpDate()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}\r\n`;
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderValue(name, value);
      head += `${name}: ${value}\r\n`;
    }
    const content = typeof body === 'string' ? Buffer.from(body) : body;
    this.#socket.write(Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), content]));
  }

  #release(): void {
    const socket = this.#socket;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('timeout', this.#onTimeout);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(this.#unread);
    this.#leave(true);
    socket.resume();
  }
}

let dateOfSecond = '';
let second = 0;

function httpDate(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    dateOfSecond = new Date().toUTCString();
  }
  return dateOfSecond;
}
