import type { OwnStatus, Presence } from '../contract/schemas/presence.ts';
import type { Unsubscribe } from './emitter.ts';

export interface PresenceAccess {
  /** Default: `online`. */
  readonly own: OwnStatus;
  /** Announces the status now and on each new connection. */
  set(status: OwnStatus): void;
  /**
   * Omits users who share no conversation with the user.
   *
   * @throws RefusedError, NetworkError.
   */
  of(userIds: readonly string[]): Promise<readonly Presence[]>;
  /** Fetches now, after each reconnect, and every five minutes, because a crashed device announces nothing. */
  watch(userIds: readonly string[]): Unsubscribe;
}
