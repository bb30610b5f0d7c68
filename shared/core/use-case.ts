import type { ObjectSchema, Route, RouteInput, RouteProblem, RouteSuccess } from '../contract/kit/define-route.ts';
import type { Refusal } from './refusal.ts';
import type { Principal } from './tenancy/principal.ts';

/** The type of an empty object schema has an index signature, which would hide the members of the other parts. */
type Members<Part> = string extends keyof Part ? unknown : Part;

/**
 * The validated input of an operation: path parameters, query and body in one object. No two of them share a name, so
 * the pointers of a refusal start at this object (`/text`) and the transport adds the part (`/body/text`).
 */
export type InputOf<R extends Route> = RouteInput<R>['params'] &
  Members<RouteInput<R>['query']> &
  (R['body'] extends ObjectSchema ? Members<RouteInput<R>['body']> : unknown);

/** The value of an operation: the body of one of its success responses. */
export type ValueOf<R extends Route> = R['responses'][keyof R['responses']] extends null
  ? void
  : NonNullable<RouteSuccess<R>['body']>;

/** The network origin of a public request, which has no principal. */
export interface RequestSource {
  /** Address of the client, as the distribution or API Gateway reports it. */
  readonly sourceIp: string;
}

/**
 * An operation without its transport: `(principal, input) → value | Refusal`. It returns one of the route's values or
 * refuses with one of the route's problems; nothing else compiles.
 */
export type UseCase<R extends Route> = R['access'] extends 'public'
  ? (input: InputOf<R>, source: RequestSource) => Promise<ValueOf<R> | Refusal<RouteProblem<R>>>
  : (principal: Principal, input: InputOf<R>) => Promise<ValueOf<R> | Refusal<RouteProblem<R>>>;
