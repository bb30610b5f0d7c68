import type { Action } from '../../../shared/contract/kit/define-action.ts';
import type { ProblemDefinition } from '../../../shared/contract/kit/define-problem.ts';
import type { Route } from '../../../shared/contract/kit/define-route.ts';
import type { CrashWorld } from '../../integration/crashes/crash-world.ts';
import type { CrashScript } from '../../integration/crashes/sweep.ts';
import type { OperationWalk } from '../../integration/iam/walk-scene.ts';
import type { FrameMatrix } from '../../integration/matrix/frame-cases.ts';
import type { Matrix } from '../../integration/matrix/request-cases.ts';
import type { FrameProvocation, Provocation } from '../../integration/problems/provocation.ts';
import type { GoodRequest } from '../../integration/problems/send-request.ts';
import type { Stage } from '../../integration/problems/stage.ts';
import type { ReplayStep } from '../../integration/replay/replay-stage.ts';

interface CommonParts {
  readonly crash: Crash;
  readonly replay: Replay;
  /** Uses the operation once with success, for the IAM suite. */
  readonly walk: OperationWalk;
}

export type Crash =
  /** By name. Every AWS call of the serving function fails in turn. */
  | { readonly sweeps: Readonly<Record<string, (world: CrashWorld) => CrashScript>> }
  /** Another operation with sweeps runs the same code. */
  | { readonly sweptBy: string; readonly because: string }
  /** The reason. The problem suite checks it. */
  | { readonly writesNothing: string };

/** A step, or the reason why clients receive nothing. */
export type Replay = ReplayStep | { readonly announcesNothing: string };

export interface OperationCard extends CommonParts {
  readonly route: Route;
  /** Values in place of an id, a token or a cursor, and a request that succeeds. */
  readonly matrix: Matrix;
  /** Succeeds. Each provocation changes it. */
  readonly goodRequest: (stage: Stage) => GoodRequest;
  /** The problems that the route declares. The suite provokes those of all routes. */
  readonly problems: Readonly<Record<string, Provocation>>;
  /** The fuzz then sends fewer good requests. */
  readonly hashesPassword?: boolean;
  /** A failure is then in the outcome of each subject, and the answer succeeds. */
  readonly hasOutcomes?: boolean;
}

export interface FrameCard extends CommonParts {
  readonly action: Action;
  readonly matrix: FrameMatrix;
  readonly goodFrame: (stage: Stage) => Readonly<Record<string, unknown>>;
  readonly problems: Readonly<Record<string, FrameProvocation>>;
}

/** Exactly one value for each declared problem. */
type ForEach<Problems extends readonly ProblemDefinition[], Value> = {
  readonly [Name in Problems[number]['name']]: Value;
};

/** A missing part or provocation does not compile. */
export function defineCard<R extends Route>(
  route: R,
  parts: Omit<OperationCard, 'route' | 'problems'> & { readonly problems: ForEach<R['problems'], Provocation> },
): OperationCard {
  return { route, ...parts };
}

export function defineFrameCard<A extends Action>(
  action: A,
  parts: Omit<FrameCard, 'action' | 'problems'> & { readonly problems: ForEach<A['problems'], FrameProvocation> },
): FrameCard {
  return { action, ...parts };
}

export const readsOnly = {
  crash: { writesNothing: 'It only reads.' },
  replay: { announcesNothing: 'It only reads.' },
} as const;
