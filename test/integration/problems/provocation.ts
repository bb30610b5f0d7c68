import type { HttpAnswer } from '../raw-client.ts';
import type { Stage } from './stage.ts';

/** How a problem is brought about over HTTP. */
export interface Provocation {
  /** Has the problem answered; what it takes to get there happens before. */
  readonly provoke: (stage: Stage) => Promise<HttpAnswer>;
  /** Pointers of the fields that the answer has to name, and no others. */
  readonly pointers?: readonly string[];
  /** Why something may be changed by a request that is refused; otherwise nothing may. */
  readonly changes?: string;
}

/** The same for frames. */
export interface FrameProvocation {
  readonly provoke: (stage: Stage) => Promise<FrameProblem>;
  readonly pointers?: readonly string[];
  readonly changes?: string;
}

/** An `error` frame. */
export interface FrameProblem {
  readonly type: string;
  readonly ref?: string;
  readonly problem: Readonly<Record<string, unknown>>;
}
