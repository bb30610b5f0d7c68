import { largestFrame } from '../contract/sockets/frame-limit.ts';
import { tooManyConnections } from '../contract/sockets/problems.ts';
import type * as z from 'zod/mini';
import type { Action } from '../contract/kit/define-action.ts';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import { sessionEnded } from '../contract/problems.ts';
import { ping } from '../contract/sockets/ping.ts';
import { NetworkError } from './network-error.ts';
import { isProblem } from './problem-of.ts';
import type { ServerClock } from './server-clock.ts';
import { isRecord } from './server-event.ts';

export type ActionOutcome<A extends Action> =
  | { readonly ok: true; readonly data: z.output<A['answer']['data']> }
  | { readonly ok: false; readonly problem: ProblemBody };

export interface SocketLinkOptions {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly WebSocket: typeof globalThis.WebSocket;
  readonly requestTimeoutMs: number;
  /** The timeout of the handshake and of pings, after which the connection counts as dead. */
  readonly deadAfterMs: number;
  readonly clock: ServerClock;
  readonly onServerEvent: (link: SocketLink, frame: Readonly<Record<string, unknown>>) => void;
  /** Called once when the connection ends, with the server's reason if it sent one. */
  readonly onClosed: (link: SocketLink, reason?: ProblemBody) => void;
}

interface Waiting {
  readonly settle: (outcome: ActionOutcome<Action>) => void;
  readonly fail: (error: NetworkError) => void;
}

const normalClosure = 1000;

/** The client did not send the frame, because API Gateway closes the connection when a frame is too large. */
export class FrameTooLargeError extends Error {
  constructor() {
    super(`A frame can have at most ${largestFrame} bytes`);
    this.name = 'FrameTooLargeError';
  }
}

/** Problems after which the server closes the connection. */
const closing: ReadonlySet<string> = new Set([sessionEnded.code, tooManyConnections.code]);

/** One WebSocket, from its handshake to its end. It matches answers with actions and detects a dead connection. */
export class SocketLink {
  /** Resolves when the handshake is done. Rejects with a {@link NetworkError} if it fails. */
  readonly opened: Promise<void>;
  readonly #options: SocketLinkOptions;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, Waiting>();
  #refs = 0;
  #over = false;
  #retiring = false;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #check: Promise<boolean> | undefined;

  constructor(options: SocketLinkOptions) {
    this.#options = options;
    this.#socket = new options.WebSocket(options.url, [...options.protocols]);
    this.#socket.addEventListener('message', (event: MessageEvent) => this.#receive(event.data));
    this.opened = new Promise((resolve, reject) => {
      const deadline = setTimeout(() => this.#end(), options.deadAfterMs);
      this.#socket.addEventListener('open', () => {
        clearTimeout(deadline);
        resolve();
      });
      // A close event always follows. Browsers hide the reason for a rejected handshake.
      this.#socket.addEventListener('error', () => undefined);
      this.#socket.addEventListener('close', () => {
        clearTimeout(deadline);
        this.#end();
      });
      this.#rejectOpening = () => reject(new NetworkError('unreachable', withoutQuery(options.url)));
    });
    // A caller that closes the link need not await it.
    this.opened.catch(() => undefined);
  }

  #rejectOpening: () => void = () => undefined;

  /** The number of actions that wait for an answer. */
  get load(): number {
    return this.#waiting.size;
  }

  request<A extends Action>(action: A, data: z.input<A['data']>): Promise<ActionOutcome<A>> {
    return this.#request(action, data, this.#options.requestTimeoutMs).catch((error: unknown) => {
      // Determines whether only the answer was lost or the connection is dead.
      if (error instanceof NetworkError && error.failure === 'timeout') void this.check();
      throw error;
    });
  }

  /** Calls `beat` at intervals until the end, because API Gateway closes connections that are idle for 10 minutes. */
  keepAlive(everyMs: number, beat: () => void): void {
    clearInterval(this.#heartbeat);
    if (!this.#over) this.#heartbeat = setInterval(beat, everyMs);
  }

  /** Pings now. If no answer comes, ends the connection and returns false. */
  check(): Promise<boolean> {
    this.#check ??= this.#ping().finally(() => {
      this.#check = undefined;
    });
    return this.#check;
  }

  close(): void {
    this.#end();
  }

  /** Ends the connection once every action is answered, because another connection replaces it. */
  retire(): void {
    this.#retiring = true;
    clearInterval(this.#heartbeat);
    if (this.#waiting.size === 0) this.#end();
  }

  async #ping(): Promise<boolean> {
    const sentAt = Date.now();
    try {
      const outcome = await this.#request(ping, {}, this.#options.deadAfterMs);
      if (outcome.ok) this.#options.clock.learn(Date.parse(outcome.data.serverTime), sentAt, Date.now());
      return !this.#over;
    } catch {
      this.#end();
      return false;
    }
  }

  #request<A extends Action>(action: A, data: z.input<A['data']>, timeoutMs: number): Promise<ActionOutcome<A>> {
    if (this.#over) return Promise.reject(new NetworkError('closed'));
    this.#refs += 1;
    const ref = String(this.#refs);
    const frame = JSON.stringify({ action: action.action, ref, data });
    if (isTooLarge(frame)) return Promise.reject(new FrameTooLargeError());
    return new Promise<ActionOutcome<A>>((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(ref);
        if (this.#retiring && this.#waiting.size === 0) this.#end();
      };
      const fail = (error: NetworkError): void => {
        done();
        reject(error);
      };
      const timer = setTimeout(() => fail(new NetworkError('timeout', action.action)), timeoutMs);
      const settle = (outcome: ActionOutcome<Action>): void => {
        done();
        resolve(outcome as ActionOutcome<A>);
      };
      this.#waiting.set(ref, { settle, fail });
      try {
        this.#socket.send(frame);
      } catch (error) {
        // If the connection is closing, some platforms throw and others drop the frame.
        fail(new NetworkError('closed', undefined, error));
      }
    });
  }

  #receive(text: unknown): void {
    const frame = parseFrame(text);
    if (frame === undefined || this.#over) return;
    const waiting = typeof frame['ref'] === 'string' ? this.#waiting.get(frame['ref']) : undefined;
    const problem = frame['type'] === 'error' && isProblem(frame['problem']) ? frame['problem'] : undefined;
    if (problem !== undefined) waiting?.settle({ ok: false, problem });
    else if (waiting !== undefined) waiting.settle({ ok: true, data: frame['data'] });
    else this.#options.onServerEvent(this, frame);
    // The server closes the connection after these problems.
    if (problem !== undefined && closing.has(problem.code)) this.#end(problem);
  }

  #end(reason?: ProblemBody): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#heartbeat);
    this.#rejectOpening();
    this.#socket.close(normalClosure);
    for (const { fail } of [...this.#waiting.values()]) fail(new NetworkError('closed'));
    this.#options.onClosed(this, reason);
  }
}

function parseFrame(text: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const frame: unknown = JSON.parse(text);
    return isRecord(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

/** Counts UTF-8 bytes, at most three per UTF-16 code unit. Not every platform has a TextEncoder. */
function isTooLarge(frame: string): boolean {
  return frame.length * 3 > largestFrame && encodeURIComponent(frame).replaceAll(/%../g, '_').length > largestFrame;
}

/** Removes the ticket, which is a secret and must not reach logs. */
function withoutQuery(url: string): string {
  return url.split('?')[0] ?? '';
}
