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

/** `disconnected`: waits for the next attempt. `ended`: closed, or the session ended. */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'ended';

export interface SocketCredentials {
  readonly via: 'bearer' | 'ticket';
  readonly value: string;
  /** Milliseconds since the epoch, by this device's clock. */
  readonly expiresAt: number;
}

export interface SocketOptions {
  /** `wss://chat.example.com/ws` */
  readonly url: string;
  /** A rejected handshake hides the reason, so the next credentials must be `checked` with the server over HTTP. */
  readonly credentials: (checked: boolean) => Promise<SocketCredentials>;
  readonly positions: () => Positions;
  readonly since?: () => string | undefined;
  /** Default: `online`. */
  readonly status?: () => OwnStatus;
  readonly clock: ServerClock;
  readonly WebSocket?: typeof globalThis.WebSocket;
  /** For an action. Default: 10 s. */
  readonly requestTimeoutMs?: number;
  /** Ping timeout. Default: 25 s. */
  readonly deadAfterMs?: number;
  /** Default: the server's `limits.pingEveryMs`. */
  readonly pingEveryMs?: number;
  readonly random?: () => number;
}

export interface SocketEvents {
  state: ConnectionState;
  event: ServerEvent;
  welcome: Welcome;
  greeted: OwnStatus;
  presence: readonly Presence[];
  /** Any other frame. */
  frame: Readonly<Record<string, unknown>>;
  /** If not `complete`, the client must fetch missed entries over HTTP. */
  synchronised: { readonly complete: boolean; readonly since?: string };
  error: Error;
}

const subprotocol = 'switchboard';
/** Before the old credentials expire. */
const takeOverBeforeMs = 30_000;
/** A shorter connection counts as a failed attempt. */
const stableMs = 10_000;

/** Reconnects, resumes, and replaces each connection before the server ends it. */
export class Socket {
  readonly #options: SocketOptions;
  readonly #emitter = new Emitter<SocketEvents>();
  readonly #backOff: BackOff;
  #state: ConnectionState = 'disconnected';
  #link: SocketLink | undefined;
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

  connect(): void {
    if (this.#state === 'ended' || this.#link !== undefined) return;
    this.#backOff.reset();
    this.#connect();
  }

  /** Recovers lost events after the device woke up or changed its network. */
  check(): void {
    if (this.#link === undefined) this.connect();
    else void this.#refresh(this.#link);
  }

  async request<A extends Action>(action: A, data: z.input<A['data']>): Promise<ActionOutcome<A>> {
    if (this.#link === undefined) throw new NetworkError('closed');
    return this.#link.request(action, data);
  }

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
      // For the next attempt, if this one fails.
      this.#checked = true;
      await link.opened;
      const sentAt = Date.now();
      const outcome = await resume.greet(link);
      if (!outcome.ok) throw new RefusedError(outcome.problem);
      this.#checked = false;
      this.#learnTime(outcome.data, sentAt);
      if (!this.#isEnded()) this.#adopt(link, outcome.data, credentials);
      this.#emitter.emit('greeted', resume.announced);
    } catch (error) {
      link.close();
      throw error;
    } finally {
      this.#next = undefined;
    }
    void this.#finish(link, resume);
  }

  async #refresh(link: SocketLink): Promise<void> {
    const before = this.#resumes.get(link);
    const resume = this.#createResume();
    if (resume.isEmpty || before?.isFinished !== true) return void (await link.check());
    this.#resumes.set(link, resume);
    const sentAt = Date.now();
    // The link checks itself after a timeout.
    const outcome = await resume.greet(link).catch(() => undefined);
    if (outcome?.ok !== true) return resume.abandon();
    this.#learnTime(outcome.data, sentAt);
    this.#emitter.emit('greeted', resume.announced);
    await this.#finish(link, resume);
  }

  async #finish(link: SocketLink, resume: SocketResume): Promise<void> {
    const complete = await resume.finish(link);
    const since = complete && resume.nextSince !== undefined ? { since: resume.nextSince } : {};
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
        if (this.#resumes.get(from)?.receive(frame) !== true) this.#receive(from, frame);
      },
      onClosed: (from, reason) => {
        this.#resumes.get(from)?.abandon();
        this.#closed(from, reason);
      },
    });
  }

  /** The old connection ends once its actions are answered. */
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

  #receive(from: SocketLink, frame: Readonly<Record<string, unknown>>): void {
    if (frame['type'] === reconnect.type) {
      const afterMs = isRecord(frame['data']) ? Number(frame['data']['afterMs']) : Number.NaN;
      if (from === this.#link) this.#takeOverWithin(Number.isFinite(afterMs) ? afterMs : 0);
      return;
    }
    const users = presencesOf(frame);
    if (users !== undefined) return this.#emitter.emit('presence', users);
    const event = serverEventOf(frame);
    if (event !== undefined) this.#emitter.emit('event', event);
    else this.#emitter.emit('frame', frame);
  }

  /** Random, so that clients do not all reconnect at once. */
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
    // The server names the wait after a displacement.
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
