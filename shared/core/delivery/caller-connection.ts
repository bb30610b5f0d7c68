import type { Post } from './delivery.ts';

/** Only the socket transport passes it. */
export interface CallerConnection<Answer = unknown> {
  readonly connectionId: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  /**
   * The use case can send this post with other frames. The transport then sends no answer, unless the use case refuses.
   */
  readonly acknowledge: (answer: Answer) => Post;
}
