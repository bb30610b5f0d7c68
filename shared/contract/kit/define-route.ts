import * as z from 'zod/mini';
import type { Access } from '../permissions.ts';
import type { ProblemDefinition } from './define-problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type SuccessStatus = 200 | 201 | 202 | 204;

/**
 * `yes`: a repetition leaves the same state. `key`: the service recognises a repetition by the client's id. `no`: a
 * repetition is a new request.
 */
export type Idempotency = 'safe' | 'yes' | 'key' | 'no';

type ParameterNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

export type Schema = z.ZodMiniType;
export type ObjectSchema = z.ZodMiniObject;

/** A body that the transport does not parse, such as one with a signature over its bytes. */
export interface RawBody {
  readonly largestBytes: number;
  readonly description: string;
  readonly example: Readonly<Record<string, unknown>>;
}

export interface Route {
  readonly operationId: string;
  readonly method: Method;
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly description?: string | undefined;
  readonly params: Readonly<Record<string, Schema>>;
  readonly query: ObjectSchema;
  readonly body: ObjectSchema | undefined;
  /** Instead of `body`: the use case receives the bytes of the body and the headers. */
  readonly rawBody?: RawBody | undefined;
  /** `null`: no body. */
  readonly responses: Readonly<Partial<Record<SuccessStatus, Schema | null>>>;
  readonly problems: readonly ProblemDefinition[];
  readonly idempotent: Idempotency;
  /** Never answers `internal-error` or `service-busy`. */
  readonly infallible?: boolean | undefined;
}

const noQuery = z.strictObject({});

/** Parameters that do not match the path do not compile. Requests are strict, responses open. */
export function defineRoute<
  const Id extends string,
  const Path extends `/${string}`,
  const RouteAccess extends Access,
  const Params extends Readonly<Record<ParameterNames<Path>, Schema>>,
  const Responses extends Readonly<Partial<Record<SuccessStatus, Schema | null>>>,
  const Problems extends readonly ProblemDefinition[],
  Query extends ObjectSchema = typeof noQuery,
  Body extends ObjectSchema | undefined = undefined,
  Raw extends RawBody | undefined = undefined,
>(route: {
  readonly operationId: Id;
  readonly method: Method;
  readonly path: Path;
  readonly access: RouteAccess;
  readonly summary: string;
  readonly description?: string;
  readonly params: Params & Readonly<Record<Exclude<keyof Params, ParameterNames<Path>>, never>>;
  readonly query?: Query;
  readonly body?: Body;
  readonly rawBody?: Raw;
  readonly responses: Responses;
  readonly problems: Problems;
  readonly idempotent: Idempotency;
  readonly infallible?: boolean;
}) {
  const params: Params = route.params;
  return Object.freeze({
    ...route,
    params,
    query: (route.query ?? noQuery) as Query,
    body: route.body as Body,
    rawBody: route.rawBody as Raw,
  });
}

/** For API Gateway, such as `POST /api/v1/auth/login`. */
export function routeKey(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`;
}

/** GET routes also answer HEAD (RFC 9110, section 9.1). */
export function routeKeys(route: Pick<Route, 'method' | 'path'>): readonly string[] {
  return route.method === 'GET' ? [routeKey(route), `HEAD ${route.path}`] : [routeKey(route)];
}

type InferShape<Shape extends Readonly<Record<string, Schema>>> = { [K in keyof Shape]: z.output<Shape[K]> };

export interface RouteInput<R extends Route> {
  readonly params: InferShape<R['params']>;
  readonly query: z.output<R['query']>;
  readonly body: R['body'] extends ObjectSchema ? z.output<R['body']> : undefined;
}

export type RouteSuccess<R extends Route> = {
  [S in keyof R['responses'] & SuccessStatus]: R['responses'][S] extends Schema
    ? { readonly status: S; readonly body: z.input<R['responses'][S]> }
    : { readonly status: S; readonly body?: undefined };
}[keyof R['responses'] & SuccessStatus];

export type RouteProblem<R extends Route> = R['problems'][number];

export interface Chapter {
  readonly description: string;
  readonly routes: readonly Route[];
}
