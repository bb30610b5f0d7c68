import type { OwnStatus, Presence } from '../contract/schemas/presence.ts';
import type { Unsubscribe } from './emitter.ts';

/** The presence of the user, and of users who share a conversation with the user. */
export interface PresenceAccess {
  /** The status that this device announces. Default: `online`. */
  readonly own: OwnStatus;
  /** Announces the user's status now and on each new connection. */
  set(status: OwnStatus): void;
  /**
   * Fetches the presence of users. The result omits users who share no conversation with the user.
   *
   * @throws RefusedError if the server rejects the request, NetworkError if no answer came.
   */
  of(userIds: readonly string[]): Promise<readonly Presence[]>;
  /**
   * Keeps the presence of these users current until the returned function is called. It fetches now, after each
   * reconnect, and every five minutes, because a crashed device announces nothing.
   */
  watch(userIds: readonly string[]): Unsubscribe;
}
