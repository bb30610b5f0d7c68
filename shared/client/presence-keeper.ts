import { getPresence } from '../contract/presence/get-presence.ts';
import type { OwnStatus, Presence } from '../contract/schemas/presence.ts';
import { presenceUpdate } from '../contract/presence/presence-update.ts';
import { answerOf } from './answer-of.ts';
import type { Unsubscribe } from './emitter.ts';
import { errorOf } from './error-of.ts';
import type { PresenceAccess } from './presence.ts';
import type { SenderOptions } from './sender.ts';

export interface PresenceOptions extends SenderOptions {
  /** `hidden`: users whose presence this user may not see. */
  readonly onPresence: (users: readonly Presence[], hidden: readonly string[]) => void;
  readonly onError: (error: Error) => void;
}

const idsPerRequest = 100;
const refreshEveryMs = 5 * 60 * 1000;

export class PresenceKeeper implements PresenceAccess {
  readonly #options: PresenceOptions;
  #own: OwnStatus = 'online';
  #announced: OwnStatus = 'online';
  #announcing = false;
  readonly #watched = new Map<string, number>();
  #serverEvents = 0;
  /** By user. An answer can be older than an event that overtook it. */
  readonly #lastEvent = new Map<string, number>();
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
    void this.#announce();
  }

  async of(userIds: readonly string[]): Promise<readonly Presence[]> {
    const ids = [...new Set(userIds)];
    const presences: Presence[] = [];
    for (let start = 0; start < ids.length; start += idsPerRequest) {
      const requested = ids.slice(start, start + idsPerRequest);
      const before = this.#serverEvents;
      const { users } = await answerOf(this.#options.call, getPresence, { query: { ids: requested.join(',') } });
      const isCurrent = (userId: string): boolean => (this.#lastEvent.get(userId) ?? 0) <= before;
      const hidden = requested.filter((userId) => isCurrent(userId) && !users.some((user) => user.userId === userId));
      this.#options.onPresence(
        users.filter(({ userId }) => isCurrent(userId)),
        hidden,
      );
      presences.push(...users);
    }
    return presences;
  }

  watch(userIds: readonly string[]): Unsubscribe {
    const ids = new Set(userIds);
    for (const userId of ids) this.#watched.set(userId, (this.#watched.get(userId) ?? 0) + 1);
    if (this.#closed) return () => undefined;
    this.#timer ??= setInterval(() => this.#refresh(), refreshEveryMs);
    this.#fetch([...ids]);
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

  receive(users: readonly Presence[]): void {
    this.#serverEvents += 1;
    for (const { userId } of users) this.#lastEvent.set(userId, this.#serverEvents);
    this.#options.onPresence(users, []);
  }

  greeted(status: OwnStatus): void {
    this.#announced = status;
    void this.#announce();
  }

  /** The server does not repeat events missed while disconnected. */
  connected(): void {
    this.#refresh();
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One at a time: the platform does not preserve the order of frames. */
  async #announce(): Promise<void> {
    if (this.#announcing) return;
    this.#announcing = true;
    try {
      while (this.#announced !== this.#own && this.#options.isConnected()) {
        const status = this.#own;
        const answer = await this.#options.request(presenceUpdate, { status });
        if (!answer.ok) return;
        this.#announced = status;
        this.#options.onPresence([answer.data], []);
      }
    } catch {
      // The next greeting announces the status.
    } finally {
      this.#announcing = false;
    }
  }

  #refresh(): void {
    if (this.#watched.size > 0 && this.#options.isConnected()) this.#fetch([...this.#watched.keys()]);
  }

  #fetch(userIds: readonly string[]): void {
    if (userIds.length === 0) return;
    this.of(userIds).catch((error: unknown) => {
      this.#options.onError(errorOf(error));
    });
  }
}
