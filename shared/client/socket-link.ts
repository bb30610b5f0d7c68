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
  /** Timeout of handshakes and pings. */
  readonly deadAfterMs: number;
  readonly clock: ServerClock;
  readonly onServerEvent: (link: SocketLink, frame: Readonly<Record<string, unknown>>) => void;
  readonly onClosed: (link: SocketLink, reason?: ProblemBody) => void;
}

interface Waiting {
  readonly settle: (outcome: ActionOutcome<Action>) => void;
  readonly fail: (error: NetworkError) => void;
}

const normalClosure = 1000;

/** The frame was not sent: API Gateway would close the connection. */
export class FrameTooLargeError extends Error {
  constructor() {
    super(`A frame can have at most ${largestFrame} bytes`);
    this.name = 'FrameTooLargeError';
  }
}

/** The server closes the connection after these. */
const closing: ReadonlySet<string> = new Set([sessionEnded.code, tooManyConnections.code]);

/** Matches answers with actions, and detects a dead connection. */
export class SocketLink {
  /** Rejects with {@link NetworkError} if the handshake fails. */
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
      // A close event always follows.
      this.#socket.addEventListener('error', () => undefined);
      this.#socket.addEventListener('close', () => {
        clearTimeout(deadline);
        this.#end();
      });
      this.#rejectOpening = () => reject(new NetworkError('unreachable', withoutQuery(options.url)));
    });
    this.opened.catch(() => undefined);
  }

  #rejectOpening: () => void = () => undefined;

  get load(): number {
    return this.#waiting.size;
  }

  request<A extends Action>(action: A, data: z.input<A['data']>): Promise<ActionOutcome<A>> {
    return this.#request(action, data, this.#options.requestTimeoutMs).catch((error: unknown) => {
      // Only the answer may be lost.
      if (error instanceof NetworkError && error.failure === 'timeout') void this.check();
      throw error;
    });
  }

  /** API Gateway closes connections that are idle for 10 minutes. */
  keepAlive(everyMs: number, beat: () => void): void {
    clearInterval(this.#heartbeat);
    if (!this.#over) this.#heartbeat = setInterval(beat, everyMs);
  }

  /** Pings. Without an answer, ends the connection and returns false. */
  check(): Promise<boolean> {
    this.#check ??= this.#ping().finally(() => {
      this.#check = undefined;
    });
    return this.#check;
  }

  close(): void {
    this.#end();
  }

  /** Ends once every action is answered. */
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
        // On a closing connection, some platforms throw and others drop the frame.
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

/** UTF-8 has at most three bytes per UTF-16 code unit. Some platforms lack TextEncoder. */
function isTooLarge(frame: string): boolean {
  return frame.length * 3 > largestFrame && encodeURIComponent(frame).replaceAll(/%../g, '_').length > largestFrame;
}

/** The ticket is secret and must not reach logs. */
function withoutQuery(url: string): string {
  return url.split('?')[0] ?? '';
}
