import type { Post } from './delivery.ts';

/** The connection that a frame came by. A use case gets it as its third argument, and none over HTTP. */
export interface CallerConnection<Answer = unknown> {
  readonly connectionId: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  /**
   * Makes the acknowledgement, for a use case that posts it in one batch with other frames. The transport then posts
   * no answer of its own, except a refusal.
   */
  readonly acknowledge: (answer: Answer) => Post;
}
