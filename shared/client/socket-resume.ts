import type { OwnStatus } from '../contract/schemas/presence.ts';
import { hello, resumeLimit } from '../contract/sync/hello.ts';
import { syncPage } from '../contract/events/server-events.ts';
import { NetworkError } from './network-error.ts';
import type { ActionOutcome, SocketLink } from './socket-link.ts';
import { isRecord, type ServerEvent, serverEventOf } from './server-event.ts';

/** Number of the last entry seen, by conversation; 0 for none. */
export type Positions = Readonly<Record<string, number>>;

/** What the server says to a new connection. */
export type Welcome = Extract<ActionOutcome<typeof hello>, { ok: true }>['data'];

export interface SocketResumeOptions {
  /** What to resume from. */
  readonly positions: Positions;
  /** How far comings and goings are known, if at all. */
  readonly since: string | undefined;
  /** What greetings say of the user. */
  readonly status: () => OwnStatus;
  readonly onEvent: (event: ServerEvent) => void;
}

/** Milliseconds without a page after which the rest is not waited for: pages are posted once, and can be lost. */
const pageTimeoutMs = 15_000;

/**
 * Introduces a connection and gets everything missed since the given positions, in as many rounds as their number
 * needs. It also shows that a connection is alive, and what was pushed on it and lost.
 */
export class SocketResume {
  readonly #rounds: Positions[];
  readonly #onEvent: (event: ServerEvent) => void;
  readonly #since: string | undefined;
  readonly #status: () => OwnStatus;
  /** From the last page of all: how far comings and goings are known now. */
  #next: string | undefined;
  #page: { readonly arrived: (complete: boolean) => void; readonly missed: () => void } | undefined;
  #abandoned = false;
  #finished = false;
  /** A page can arrive before whoever waits for it is told that the connection is welcome. */
  #early: boolean[] = [];
  #said: OwnStatus = 'online';

  constructor({ positions, since, status, onEvent }: SocketResumeOptions) {
    this.#since = since;
    this.#status = status;
    const all = Object.entries(positions);
    const count = Math.max(1, Math.ceil(all.length / resumeLimit));
    this.#rounds = Array.from({ length: count }, (_, index) =>
      Object.fromEntries(all.slice(index * resumeLimit, (index + 1) * resumeLimit)),
    );
    this.#onEvent = onEvent;
  }

  /** Whether there is nothing to resume. */
  get isEmpty(): boolean {
    return Object.keys(this.#rounds[0] ?? {}).length === 0;
  }

  /** For the next connection, once everything came. */
  get next(): string | undefined {
    return this.#next;
  }

  /** What the last greeting said of the user. */
  get said(): OwnStatus {
    return this.#said;
  }

  /** Whether no page is waited for any more. */
  get isFinished(): boolean {
    return this.#finished;
  }

  /** Says hello with the first positions. Answers with the welcome, or with the refusal. */
  greet(link: SocketLink): Promise<ActionOutcome<typeof hello>> {
    return this.#hello(link, this.#rounds[0] ?? {});
  }

  /** Waits for all pages, greeting again for the further positions. False if some did not come. */
  async finish(link: SocketLink): Promise<boolean> {
    try {
      for (const [index, resume] of this.#rounds.entries()) {
        if (index > 0 && !(await this.#hello(link, resume)).ok) return false;
        while (!(await this.#nextPage()));
      }
      return true;
    } catch {
      return false;
    } finally {
      this.#finished = true;
    }
  }

  /** Takes a push. False if it is no page. */
  take(frame: Readonly<Record<string, unknown>>): boolean {
    const { type, data } = frame;
    if (type !== syncPage.type || !isRecord(data)) return false;
    const events = Array.isArray(data['events']) ? data['events'] : [];
    for (const each of events) {
      const event = serverEventOf(each);
      if (event !== undefined) this.#onEvent(event);
    }
    const complete = data['complete'] === true;
    if (typeof data['since'] === 'string') this.#next = data['since'];
    if (this.#page === undefined) this.#early.push(complete);
    else this.#page.arrived(complete);
    return true;
  }

  /** The connection is over: no page will come. */
  abandon(): void {
    this.#abandoned = true;
    this.#finished = true;
    this.#page?.missed();
  }

  #hello(link: SocketLink, resume: Positions): Promise<ActionOutcome<typeof hello>> {
    this.#said = this.#status();
    return link.request(hello, {
      resume,
      ...(this.#since === undefined ? {} : { since: this.#since }),
      ...(this.#said === 'online' ? {} : { status: this.#said }),
    });
  }

  #nextPage(): Promise<boolean> {
    const early = this.#early.shift();
    if (early !== undefined) return Promise.resolve(early);
    if (this.#abandoned) return Promise.reject(new NetworkError('closed'));
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#page = undefined;
      };
      const missed = (): void => {
        done();
        reject(new NetworkError('timeout', syncPage.type));
      };
      const arrived = (complete: boolean): void => {
        done();
        resolve(complete);
      };
      const timer = setTimeout(missed, pageTimeoutMs);
      this.#page = { arrived, missed };
    });
  }
}
