import type { OwnStatus } from '../contract/schemas/presence.ts';
import { hello, resumeLimit } from '../contract/sync/hello.ts';
import { syncPage } from '../contract/events/server-events.ts';
import { NetworkError } from './network-error.ts';
import type { ActionOutcome, SocketLink } from './socket-link.ts';
import { isRecord, type ServerEvent, serverEventOf } from './server-event.ts';

/** The last known seq by conversation; 0 for none. */
export type Positions = Readonly<Record<string, number>>;

export type Welcome = Extract<ActionOutcome<typeof hello>, { ok: true }>['data'];

export interface SocketResumeOptions {
  readonly positions: Positions;
  /** The client knows joins and leaves up to this token. */
  readonly since: string | undefined;
  readonly status: () => OwnStatus;
  readonly onEvent: (event: ServerEvent) => void;
}

/** The server posts each page once, so it can be lost. */
const pageTimeoutMs = 15_000;

/** Greets the server and receives missed events, in as many rounds as needed. */
export class SocketResume {
  readonly #rounds: Positions[];
  readonly #onEvent: (event: ServerEvent) => void;
  readonly #since: string | undefined;
  readonly #status: () => OwnStatus;
  #nextSince: string | undefined;
  #page: { readonly arrived: (complete: boolean) => void; readonly missed: () => void } | undefined;
  #abandoned = false;
  #finished = false;
  #early: boolean[] = [];
  #announced: OwnStatus = 'online';

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

  get isEmpty(): boolean {
    return Object.keys(this.#rounds[0] ?? {}).length === 0;
  }

  /** Valid once all pages arrived. */
  get nextSince(): string | undefined {
    return this.#nextSince;
  }

  get announced(): OwnStatus {
    return this.#announced;
  }

  get isFinished(): boolean {
    return this.#finished;
  }

  greet(link: SocketLink): Promise<ActionOutcome<typeof hello>> {
    return this.#hello(link, this.#rounds[0] ?? {});
  }

  /** Greets again for each further round. Returns false if a page did not arrive. */
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

  receive(frame: Readonly<Record<string, unknown>>): boolean {
    const { type, data } = frame;
    if (type !== syncPage.type || !isRecord(data)) return false;
    const events = Array.isArray(data['events']) ? data['events'] : [];
    for (const each of events) {
      const event = serverEventOf(each);
      if (event !== undefined) this.#onEvent(event);
    }
    const complete = data['complete'] === true;
    if (typeof data['since'] === 'string') this.#nextSince = data['since'];
    if (this.#page === undefined) this.#early.push(complete);
    else this.#page.arrived(complete);
    return true;
  }

  abandon(): void {
    this.#abandoned = true;
    this.#finished = true;
    this.#page?.missed();
  }

  #hello(link: SocketLink, resume: Positions): Promise<ActionOutcome<typeof hello>> {
    this.#announced = this.#status();
    return link.request(hello, {
      resume,
      ...(this.#since === undefined ? {} : { since: this.#since }),
      ...(this.#announced === 'online' ? {} : { status: this.#announced }),
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
