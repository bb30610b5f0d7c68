import type { HttpAnswer } from '../raw-client.ts';
import type { Person } from '../system/world.ts';
import type { RequestChange } from './send-request.ts';
import type { Stage } from './stage.ts';

export interface ProvokedOperation {
  readonly send: (change?: RequestChange) => Promise<HttpAnswer>;
  readonly functionName: string;
}

export interface Provocation {
  readonly provoke: (stage: Stage, operation: ProvokedOperation) => Promise<HttpAnswer>;
  /** In the answer's `errors`. */
  readonly pointers?: readonly string[];
  /** The reason for changed items. Absent if none may change. */
  readonly changes?: string;
}

export interface ProvokedAction {
  /** As Alice by default. Leaves out undefined members. */
  readonly send: (data?: Readonly<Record<string, unknown>>, by?: Person) => Promise<FrameProblem>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly functionName: string;
}

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
