import type { HttpAnswer } from '../raw-client.ts';
import type { Person } from '../system/world.ts';
import type { RequestChange } from './send-request.ts';
import type { Stage } from './stage.ts';

/** The operation whose problem is provoked. */
export interface ProvokedOperation {
  /** Sends the good request with changes. */
  readonly send: (change?: RequestChange) => Promise<HttpAnswer>;
  /** The function that serves it, by its whole name. */
  readonly functionName: string;
}

/** How a problem is provoked over HTTP. */
export interface Provocation {
  /** Prepares whatever the problem needs, and answers with the problem. */
  readonly provoke: (stage: Stage, operation: ProvokedOperation) => Promise<HttpAnswer>;
  /** Pointers of the fields that the answer names, and no others. */
  readonly pointers?: readonly string[];
  /** Why the provocation changes items; without a reason, it must not. */
  readonly changes?: string;
}

/** The action whose problem is provoked. */
export interface ProvokedAction {
  /** Sends the good frame with other members in its data, as Alice or `by`. A member that is undefined is left out. */
  readonly send: (data?: Readonly<Record<string, unknown>>, by?: Person) => Promise<FrameProblem>;
  /** Data with nothing wrong. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly functionName: string;
}

/** The same for frames. */
export interface FrameProvocation {
  readonly provoke: (stage: Stage, action: ProvokedAction) => Promise<FrameProblem>;
  readonly pointers?: readonly string[];
  readonly changes?: string;
}

/** An `error` frame. */
export interface FrameProblem {
  readonly type: string;
  readonly ref?: string;
  readonly problem: Readonly<Record<string, unknown>>;
}
