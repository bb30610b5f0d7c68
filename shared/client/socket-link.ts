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

/** What an action is answered with. */
export type ActionOutcome<A extends Action> =
  | { readonly ok: true; readonly data: z.output<A['answer']['data']> }
  | { readonly ok: false; readonly problem: ProblemBody };

export interface SocketLinkOptions {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly WebSocket: typeof globalThis.WebSocket;
  /** Milliseconds until an answer to an action is given up. */
  readonly requestTimeoutMs: number;
  /** Milliseconds without an answer to a ping, or to the handshake, after which the connection counts as dead. */
  readonly deadAfterMs: number;
  readonly clock: ServerClock;
  /** Gets every frame that answers nothing. */
  readonly onServerEvent: (link: SocketLink, frame: Readonly<Record<string, unknown>>) => void;
  /** Called once when the connection is over, with the server's reason if it gave one. */
  readonly onClosed: (link: SocketLink, reason?: ProblemBody) => void;
}

interface Waiting {
  readonly settle: (outcome: ActionOutcome<Action>) => void;
  readonly fail: (error: NetworkError) => void;
}

const normalClosure = 1000;

/** The frame was not sent, because it would have ended the connection. */
export class FrameTooLargeError extends Error {
  constructor() {
    super(`A frame has at most ${largestFrame} bytes`);
    this.name = 'FrameTooLargeError';
  }
}
/** Problems after which the server closes the connection. */
const closing: ReadonlySet<string> = new Set([sessionEnded.code, tooManyConnections.code]);

/** One WebSocket from its handshake to its end: pairs answers with actions, and notices when it is dead. */
export class SocketLink {
  /** Resolves when frames may be sent; rejects with a {@link NetworkError} if it never came so far. */
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
      // An error is always followed by the end; why a handshake was refused is not told to pages.
      this.#socket.addEventListener('error', () => undefined);
      this.#socket.addEventListener('close', () => {
        clearTimeout(deadline);
        this.#end();
      });
      this.#refuseOpening = () => reject(new NetworkError('unreachable', withoutQuery(options.url)));
    });
    // Whoever closes the link before it opened need not wait for it.
    this.opened.catch(() => undefined);
  }

  #refuseOpening: () => void = () => undefined;

  /** Actions that wait for their answers. */
  get load(): number {
    return this.#waiting.size;
  }

  /** Sends an action and waits for what answers it. No answer is a {@link NetworkError}. */
  request<A extends Action>(action: A, data: z.input<A['data']>): Promise<ActionOutcome<A>> {
    return this.#request(action, data, this.#options.requestTimeoutMs).catch((error: unknown) => {
      // Either the answer was lost or the connection is dead: find out.
      if (error instanceof NetworkError && error.failure === 'timeout') void this.check();
      throw error;
    });
  }

  /** Has something sent at intervals until the end. The platform closes connections that are idle for 10 minutes. */
  keepAlive(everyMs: number, beat: () => void): void {
    clearInterval(this.#heartbeat);
    if (!this.#over) this.#heartbeat = setInterval(beat, everyMs);
  }

  /** Pings now. A connection that does not answer is ended, which the promise tells with `false`. */
  check(): Promise<boolean> {
    this.#check ??= this.#ping().finally(() => {
      this.#check = undefined;
    });
    return this.#check;
  }

  /** Ends the connection; what waits for answers fails. */
  close(): void {
    this.#end();
  }

  /** Ends the connection once every action is answered: another one has taken over. */
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
    // The server closes it next; there is nothing to be had from it any more.
    if (problem !== undefined && closing.has(problem.code)) this.#end(problem);
  }

  #end(reason?: ProblemBody): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#heartbeat);
    this.#refuseOpening();
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

/** Counts bytes in UTF-8: at most three for each UTF-16 code unit. Not every platform has a TextEncoder. */
function isTooLarge(frame: string): boolean {
  return frame.length * 3 > largestFrame && encodeURIComponent(frame).replaceAll(/%../g, '_').length > largestFrame;
}

/** A ticket is not for logs. */
function withoutQuery(url: string): string {
  return url.split('?')[0] ?? '';
}
