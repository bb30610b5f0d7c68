import type { HttpAnswer } from '../raw-client.ts';
import type { Person } from '../system/world.ts';
import type { RequestChange } from './send-request.ts';
import type { Stage } from './stage.ts';

export interface ProvokedOperation {
  /** Sends the good request with changes. */
  readonly send: (change?: RequestChange) => Promise<HttpAnswer>;
  readonly functionName: string;
}

/** A way to provoke a problem over HTTP. */
export interface Provocation {
  /** Prepares what the problem needs, sends the request and returns the problem. */
  readonly provoke: (stage: Stage, operation: ProvokedOperation) => Promise<HttpAnswer>;
  /** The pointers in the answer's `errors`. */
  readonly pointers?: readonly string[];
  /** Why the provocation changes items. Without a reason, it must not change any. */
  readonly changes?: string;
}

export interface ProvokedAction {
  /**
   * Sends the good frame with changed members in its data, as Alice or as `by`. Leaves out members that are undefined.
   */
  readonly send: (data?: Readonly<Record<string, unknown>>, by?: Person) => Promise<FrameProblem>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly functionName: string;
}

/** A way to provoke a problem with a frame. */
export interface FrameProvocation {
  readonly provoke: (stage: Stage, action: ProvokedAction) => Promise<FrameProblem>;
  readonly pointers?: readonly string[];
  readonly changes?: string;
}

export interface FrameProblem {
  readonly type: string;
  readonly ref?: string;
  readonly problem: Readonly<Record<string, unknown>>;
}
