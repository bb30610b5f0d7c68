import type * as z from 'zod/mini';
import type { Action } from '../contract/kit/define-action.ts';
import type { OwnStatus, Presence } from '../contract/schemas/presence.ts';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import { tooManyConnections } from '../contract/sockets/problems.ts';
import { reconnect } from '../contract/events/server-events.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { errorOf } from './error-of.ts';
import { NetworkError } from './network-error.ts';
import { waitOf } from './retry-after-rules.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import type { ServerClock } from './server-clock.ts';
import { isRecord, presencesOf, type ServerEvent, serverEventOf } from './server-event.ts';
import { type ActionOutcome, SocketLink } from './socket-link.ts';
import { type Positions, SocketResume, type Welcome } from './socket-resume.ts';

/** `disconnected` waits for the next attempt; `ended` makes no more: it was closed, or the session is over. */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'ended';

/** How a connection shows who it is. */
export interface SocketCredentials {
  readonly via: 'bearer' | 'ticket';
  readonly value: string;
  /** When the server stops listening to it, by this device's clock, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface SocketOptions {
  /** `wss://chat.example.com/ws` */
  readonly url: string;
  /**
   * Credentials for the next connection, good for a while: it lasts no longer than they do. After a refused handshake
   * they have to be checked with the server (`checked`), since a handshake does not tell why it was refused.
   */
  readonly credentials: (checked: boolean) => Promise<SocketCredentials>;
  /** The positions to resume from. */
  readonly positions: () => Positions;
  /** How far comings and goings are known; nothing if that is of no interest. */
  readonly since?: () => string | undefined;
  /** What greetings say of the user: `online` if absent. */
  readonly status?: () => OwnStatus;
  readonly clock: ServerClock;
  readonly WebSocket?: typeof globalThis.WebSocket;
  /** Milliseconds until an answer is given up (10 s). */
  readonly requestTimeoutMs?: number;
  /** Milliseconds without an answer to a ping after which the connection counts as dead (25 s). */
  readonly deadAfterMs?: number;
  /**
   * Milliseconds between looking whether the connection is alive and has brought everything; the server's
   * `limits.pingEveryMs` if absent.
   */
  readonly pingEveryMs?: number;
  readonly random?: () => number;
}

export interface SocketEvents {
  state: ConnectionState;
  /** An event, live or caught up, in no particular order and perhaps more than once. */
  event: ServerEvent;
  welcome: Welcome;
  /** A greeting was answered that said this of the user. */
  greeted: OwnStatus;
  /** People came, went away or left. */
  presence: readonly Presence[];
  /** Catching up is over; if not `complete`, positions have to be caught up with by HTTP. */
  synchronised: { readonly complete: boolean; readonly since?: string };
  /** Why a connection could not be made. The next attempt comes by itself. */
  error: Error;
}

const subprotocol = 'switchboard';
/** A new connection takes over before this remains of the old one's credentials. */
const takeOverBeforeMs = 30_000;
/** What was connected for less is taken for a failed attempt. */
const stableMs = 10_000;

/** The one WebSocket of a client: connects, stays connected, resumes where it was, and takes over before it is cut. */
export class Socket {
  readonly #options: SocketOptions;
  readonly #emitter = new Emitter<SocketEvents>();
  readonly #backOff: BackOff;
  #state: ConnectionState = 'disconnected';
  #link: SocketLink | undefined;
  /** A connection on its way to become the one. */
  #next: SocketLink | undefined;
  readonly #resumes = new WeakMap<SocketLink, SocketResume>();
  #attempt: Promise<void> | undefined;
  #checked = false;
  #timers = new Map<'attempt' | 'take-over' | 'stable', ReturnType<typeof setTimeout>>();

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#backOff = createBackOff({ ...(options.random === undefined ? {} : { random: options.random }) });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  on<Name extends keyof SocketEvents>(name: Name, listener: (event: SocketEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener);
  }

  /** Connects now, also if the next attempt were due later: the network is back, or the person asked. */
  connect(): void {
    if (this.#state === 'ended' || this.#link !== undefined) return;
    this.#backOff.reset();
    this.#connect();
  }

  /** Finds out whether the connection is alive, and what it has lost: the device woke up, or changed its network. */
  check(): void {
    if (this.#link === undefined) this.connect();
    else void this.#refresh(this.#link);
  }

  /** Sends an action on the present connection. Throws {@link NetworkError} if there is none, or no answer. */
  async request<A extends Action>(action: A, data: z.input<A['data']>): Promise<ActionOutcome<A>> {
    if (this.#link === undefined) throw new NetworkError('closed');
    return this.#link.request(action, data);
  }

  /** Ends it for good. */
  close(): void {
    this.#setState('ended');
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    const links = [this.#link, this.#next];
    this.#link = undefined;
    this.#next = undefined;
    for (const link of links) link?.close();
  }

  #connect(): void {
    this.#clear('attempt');
    if (this.#attempt !== undefined || this.#state === 'ended') return;
    if (this.#link === undefined) this.#setState('connecting');
    this.#attempt = this.#openLink()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#attempt = undefined;
      });
  }

  async #openLink(): Promise<void> {
    const credentials = await this.#options.credentials(this.#checked);
    if (this.#isEnded()) return;
    const resume = this.#createResume();
    const link = this.#createLink(credentials);
    this.#resumes.set(link, resume);
    this.#next = link;
    try {
      // What is refused, or fails, is looked into before the next attempt.
      this.#checked = true;
      await link.opened;
      const sentAt = Date.now();
      const outcome = await resume.greet(link);
      if (!outcome.ok) throw new RefusedError(outcome.problem);
      this.#checked = false;
      this.#learnTime(outcome.data, sentAt);
      if (!this.#isEnded()) this.#adopt(link, outcome.data, credentials);
      this.#emitter.emit('greeted', resume.said);
    } catch (error) {
      link.close();
      throw error;
    } finally {
      this.#next = undefined;
    }
    void this.#finish(link, resume);
  }

  /** Is it alive, and was anything pushed on it that did not arrive? A greeting answers both. */
  async #refresh(link: SocketLink): Promise<void> {
    const before = this.#resumes.get(link);
    const resume = this.#createResume();
    if (resume.isEmpty || before?.isFinished !== true) return void (await link.check());
    this.#resumes.set(link, resume);
    const sentAt = Date.now();
    // An answer that does not come has the connection examined.
    const outcome = await resume.greet(link).catch(() => undefined);
    if (outcome?.ok !== true) return resume.abandon();
    this.#learnTime(outcome.data, sentAt);
    this.#emitter.emit('greeted', resume.said);
    await this.#finish(link, resume);
  }

  async #finish(link: SocketLink, resume: SocketResume): Promise<void> {
    const complete = await resume.finish(link);
    const since = complete && resume.next !== undefined ? { since: resume.next } : {};
    if (link === this.#link) this.#emitter.emit('synchronised', { complete, ...since });
  }

  #learnTime(welcome: Welcome, sentAt: number): void {
    this.#options.clock.learn(Date.parse(welcome.serverTime), sentAt, Date.now());
  }

  #createResume(): SocketResume {
    const onEvent = (event: ServerEvent): void => this.#emitter.emit('event', event);
    const { positions, since, status = () => 'online' } = this.#options;
    return new SocketResume({ positions: positions(), since: since?.(), status, onEvent });
  }

  #createLink(credentials: SocketCredentials): SocketLink {
    const { url, clock, requestTimeoutMs = 10_000, deadAfterMs = 25_000 } = this.#options;
    const byTicket = credentials.via === 'ticket';
    return new SocketLink({
      url: byTicket ? `${url}?ticket=${encodeURIComponent(credentials.value)}` : url,
      protocols: byTicket ? [subprotocol] : [subprotocol, `bearer.${credentials.value}`],
      WebSocket: this.#options.WebSocket ?? globalThis.WebSocket,
      clock,
      requestTimeoutMs,
      deadAfterMs,
      onServerEvent: (from, frame) => {
        if (this.#resumes.get(from)?.take(frame) !== true) this.#push(from, frame);
      },
      onClosed: (from, reason) => {
        this.#resumes.get(from)?.abandon();
        this.#closed(from, reason);
      },
    });
  }

  /** From now on this connection is the one; an older one ends when its actions are answered. */
  #adopt(link: SocketLink, welcome: Welcome, credentials: SocketCredentials): void {
    const older = this.#link;
    this.#link = link;
    older?.retire();
    this.#clear('attempt');
    link.keepAlive(this.#options.pingEveryMs ?? welcome.limits.pingEveryMs, () => void this.#refresh(link));
    this.#set('stable', stableMs, () => this.#backOff.reset());
    const expiresInMs = credentials.expiresAt - takeOverBeforeMs - Date.now();
    this.#takeOverWithin(Math.max(stableMs, Math.min(expiresInMs, welcome.limits.reconnectAfterMs)));
    this.#emitter.emit('welcome', welcome);
    this.#setState('connected');
  }

  #push(from: SocketLink, frame: Readonly<Record<string, unknown>>): void {
    if (frame['type'] === reconnect.type) {
      const afterMs = isRecord(frame['data']) ? Number(frame['data']['afterMs']) : Number.NaN;
      if (from === this.#link) this.#takeOverWithin(Number.isFinite(afterMs) ? afterMs : 0);
      return;
    }
    const people = presencesOf(frame);
    if (people !== undefined) return this.#emitter.emit('presence', people);
    const event = serverEventOf(frame);
    if (event !== undefined) this.#emitter.emit('event', event);
  }

  /** A new connection before the old one is cut. The time is drawn, so that clients do not come all at once. */
  #takeOverWithin(withinMs: number): void {
    const random = this.#options.random ?? Math.random;
    this.#set('take-over', withinMs * (1 - 0.1 * random()), () => this.#connect());
  }

  #closed(link: SocketLink, reason: ProblemBody | undefined): void {
    if (link !== this.#link || this.#state === 'ended') return;
    this.#link = undefined;
    this.#clear('take-over');
    this.#clear('stable');
    if (reason?.code === tooManyConnections.code) this.#emitter.emit('error', new RefusedError(reason));
    // Newer connections of the user displaced this one: the server says when it may reconnect automatically.
    this.#retry(reason === undefined ? undefined : waitOf(reason));
  }

  #failed(error: unknown): void {
    if (this.#isEnded()) return;
    if (error instanceof SessionEndedError) return this.close();
    this.#emitter.emit('error', errorOf(error));
    const waitMs = error instanceof RefusedError ? waitOf(error.problem) : undefined;
    this.#retry(waitMs);
  }

  #retry(atLeastMs = 0): void {
    if (this.#link === undefined) this.#setState('disconnected');
    this.#set('attempt', Math.max(atLeastMs, this.#backOff.next()), () => this.#connect());
  }

  #isEnded(): boolean {
    return this.#state === 'ended';
  }

  #setState(state: ConnectionState): void {
    if (this.#state === state || this.#state === 'ended') return;
    this.#state = state;
    this.#emitter.emit('state', state);
  }

  #set(name: 'attempt' | 'take-over' | 'stable', delayMs: number, action: () => void): void {
    this.#clear(name);
    this.#timers.set(name, setTimeout(action, delayMs));
  }

  #clear(name: 'attempt' | 'take-over' | 'stable'): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
