import type {
  ObjectSchema,
  RawBody,
  Route,
  RouteInput,
  RouteProblem,
  RouteSuccess,
} from '../contract/kit/define-route.ts';
import type { Refusal } from './refusal.ts';
import type { Principal } from './tenancy/principal.ts';

/** An empty object schema has an index signature, which would hide the members of the other parts. */
type Members<Part> = string extends keyof Part ? unknown : Part;

/**
 * Path parameters, query and body in one object. A refusal's pointers start here (`/text`); the transport adds the part
 * (`/body/text`).
 */
export type InputOf<R extends Route> = RouteInput<R>['params'] &
  Members<RouteInput<R>['query']> &
  (R['body'] extends ObjectSchema ? Members<RouteInput<R>['body']> : unknown);

/** The body of a success response. */
export type ValueOf<R extends Route> = R['responses'][keyof R['responses']] extends null
  ? void
  : NonNullable<RouteSuccess<R>['body']>;

export interface RequestSource {
  /** As the distribution or API Gateway reports it. */
  readonly sourceIp: string;
}

export interface RawRequest extends RequestSource {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Uint8Array;
}

/** `(principal, input) → value | Refusal`, with only the route's values and problems. */
export type UseCase<R extends Route> = R['access'] extends 'public'
  ? (
      input: InputOf<R>,
      source: R['rawBody'] extends RawBody ? RawRequest : RequestSource,
    ) => Promise<ValueOf<R> | Refusal<RouteProblem<R>>>
  : (principal: Principal, input: InputOf<R>) => Promise<ValueOf<R> | Refusal<RouteProblem<R>>>;
