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

/** The parts that cards of operations and of frames share. */
interface CommonParts {
  readonly crash: Crash;
  readonly replay: Replay;
  /** Uses the operation once with success. The IAM suite runs it as part of the walk of the function that serves it. */
  readonly walk: OperationWalk;
}

/** How the crash suite exercises an operation. */
export type Crash =
  /** The sweeps by name. Each runs its script while every AWS call of the serving function fails in turn. */
  | { readonly sweeps: Readonly<Record<string, (world: CrashWorld) => CrashScript>> }
  /** The operation runs the same code as another one, which has sweeps. */
  | { readonly sweptBy: string; readonly because: string }
  /** The reason; the problem suite checks that the good request or frame changes no item. */
  | { readonly writesNothing: string };

/** A step of the replay suite, or the reason why the operation announces nothing to clients. */
export type Replay = ReplayStep | { readonly announcesNothing: string };

/** Everything that the suites need to know about one HTTP operation. */
export interface OperationCard extends CommonParts {
  readonly route: Route;
  /** The values that each caller sends in the place of an id, a token or a cursor, and a request that succeeds. */
  readonly matrix: Matrix;
  /** A request that succeeds. Each provocation changes it. */
  readonly goodRequest: (stage: Stage) => GoodRequest;
  /** How to provoke each problem that the route declares. The suite itself provokes the problems of all routes. */
  readonly problems: Readonly<Record<string, Provocation>>;
  /** True if a good request costs a password hash: the fuzz sends fewer of them. */
  readonly hashesPassword?: boolean;
}

/** Everything that the suites need to know about one action of the WebSocket. */
export interface FrameCard extends CommonParts {
  readonly action: Action;
  readonly matrix: FrameMatrix;
  /** Data with which Alice's frame succeeds. */
  readonly goodFrame: (stage: Stage) => Readonly<Record<string, unknown>>;
  readonly problems: Readonly<Record<string, FrameProvocation>>;
}

/** Exactly one value for each declared problem. */
type ForEach<Problems extends readonly ProblemDefinition[], Value> = {
  readonly [Name in Problems[number]['name']]: Value;
};

/** Defines the tests of one HTTP operation. A missing part does not compile, nor does a declared problem without a provocation. */
export function defineCard<R extends Route>(
  route: R,
  parts: Omit<OperationCard, 'route' | 'problems'> & { readonly problems: ForEach<R['problems'], Provocation> },
): OperationCard {
  return { route, ...parts };
}

/** Defines the tests of one action of the WebSocket. */
export function defineFrameCard<A extends Action>(
  action: A,
  parts: Omit<FrameCard, 'action' | 'problems'> & { readonly problems: ForEach<A['problems'], FrameProvocation> },
): FrameCard {
  return { action, ...parts };
}

/** The parts `crash` and `replay` of an operation that only reads. */
export const readsOnly = {
  crash: { writesNothing: 'It only reads.' },
  replay: { announcesNothing: 'It only reads.' },
} as const;
