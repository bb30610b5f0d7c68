import { getPresence } from '../contract/presence/get-presence.ts';
import type { OwnStatus, Presence } from '../contract/schemas/presence.ts';
import { presenceUpdate } from '../contract/presence/presence-update.ts';
import { answerOf } from './answer-of.ts';
import type { Unsubscribe } from './emitter.ts';
import { errorOf } from './error-of.ts';
import type { PresenceAccess } from './presence.ts';
import type { SenderOptions } from './sender.ts';

export interface PresenceOptions extends SenderOptions {
  /** Hears of all that is told; `absent` are those whom the user may not see any more. */
  readonly onPresence: (users: readonly Presence[], absent: readonly string[]) => void;
  readonly onError: (error: Error) => void;
}

/** People that one request may name. */
const mostAtOnce = 100;
const askEveryMs = 5 * 60 * 1000;

/** Says what is said of the user, asks and hears about the others. */
export class PresenceKeeper implements PresenceAccess {
  readonly #options: PresenceOptions;
  #own: OwnStatus = 'online';
  /** What the present connection has said last. */
  #told: OwnStatus = 'online';
  #telling = false;
  /** How often each person is looked at. */
  readonly #watched = new Map<string, number>();
  /** When each was told of by a push, counted in pushes: an answer may be older than a push that overtook it. */
  readonly #heard = new Map<string, number>();
  #serverEvents = 0;
  #closed = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  get own(): OwnStatus {
    return this.#own;
  }

  set(status: OwnStatus): void {
    this.#own = status;
    void this.#tell();
  }

  async of(userIds: readonly string[]): Promise<readonly Presence[]> {
    const asked = [...new Set(userIds)];
    const told: Presence[] = [];
    for (let start = 0; start < asked.length; start += mostAtOnce) {
      const some = asked.slice(start, start + mostAtOnce);
      const before = this.#serverEvents;
      const { users } = await answerOf(this.#options.call, getPresence, { query: { ids: some.join(',') } });
      const isNews = (userId: string): boolean => (this.#heard.get(userId) ?? 0) <= before;
      const absent = some.filter((userId) => isNews(userId) && !users.some((user) => user.userId === userId));
      this.#options.onPresence(
        users.filter(({ userId }) => isNews(userId)),
        absent,
      );
      told.push(...users);
    }
    return told;
  }

  watch(userIds: readonly string[]): Unsubscribe {
    const ids = new Set(userIds);
    for (const userId of ids) this.#watched.set(userId, (this.#watched.get(userId) ?? 0) + 1);
    if (this.#closed) return () => undefined;
    this.#timer ??= setInterval(() => this.#askAgain(), askEveryMs);
    this.#ask([...ids]);
    return () => {
      for (const userId of ids) {
        const left = (this.#watched.get(userId) ?? 0) - 1;
        if (left > 0) this.#watched.set(userId, left);
        else this.#watched.delete(userId);
      }
      ids.clear();
      if (this.#watched.size === 0) this.#stop();
    };
  }

  /** A push told of people. */
  heard(users: readonly Presence[]): void {
    this.#serverEvents += 1;
    for (const { userId } of users) this.#heard.set(userId, this.#serverEvents);
    this.#options.onPresence(users, []);
  }

  /** A greeting said this; meanwhile it may be another. */
  greeted(said: OwnStatus): void {
    this.#told = said;
    void this.#tell();
  }

  /** A connection was made: what was pushed without one is lost. */
  welcomed(): void {
    this.#askAgain();
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One at a time: the platform does not keep the order of frames. */
  async #tell(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    try {
      while (this.#told !== this.#own && this.#options.isConnected()) {
        const status = this.#own;
        const answer = await this.#options.request(presenceUpdate, { status });
        if (!answer.ok) return;
        this.#told = status;
        this.#options.onPresence([answer.data], []);
      }
    } catch {
      // The next greeting says it.
    } finally {
      this.#telling = false;
    }
  }

  #askAgain(): void {
    if (this.#watched.size > 0 && this.#options.isConnected()) this.#ask([...this.#watched.keys()]);
  }

  #ask(userIds: readonly string[]): void {
    if (userIds.length === 0) return;
    this.of(userIds).catch((error: unknown) => {
      this.#options.onError(errorOf(error));
    });
  }
}
