import type { OwnStatus, Presence } from '../contract/schemas/presence.ts';
import type { Unsubscribe } from './emitter.ts';

/** Who is there: the user, and the people with whom the user shares a conversation. */
export interface PresenceAccess {
  /** What this device says of the user: `online` until it says otherwise. */
  readonly own: OwnStatus;
  /** Says that the user is there, or away: now, and whenever there is a new connection. */
  set(status: OwnStatus): void;
  /**
   * Asks who is there. People with whom the user shares no conversation are left out.
   *
   * @throws RefusedError if it was refused, NetworkError if nobody answered.
   */
  of(userIds: readonly string[]): Promise<readonly Presence[]>;
  /**
   * Keeps what is known of these people true as long as they are looked at: asks now, after each time without a
   * connection, and every five minutes, since nobody tells of a device that died. Returns the function that ends it.
   */
  watch(userIds: readonly string[]): Unsubscribe;
}
