import type { Post } from './delivery.ts';

/** The connection that sent a frame. Only the socket transport passes it, as the third argument of a use case. */
export interface CallerConnection<Answer = unknown> {
  readonly connectionId: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  /**
   * Returns the acknowledgement as a post, so that the use case can send it in one batch with other frames. The
   * transport then sends no answer of its own, unless the use case refuses.
   */
  readonly acknowledge: (answer: Answer) => Post;
}
