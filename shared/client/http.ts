import type * as z from 'zod/mini';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { ObjectSchema, Route, Schema, SuccessStatus } from '../contract/kit/define-route.ts';
import { createDeadline, throwIfAborted } from './deadline.ts';
import { NetworkError } from './network-error.ts';
import { unreachable } from './other-origin.ts';
import { problemOf } from './problem-of.ts';
import type { ServerClock } from './server-clock.ts';

/** Numbers travel as text in paths and queries; callers may write them as numbers. */
type Written<Value> = Value extends string ? string | number : Value;
type Parameters<Shape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends Schema ? Written<z.input<Shape[Name]>> : never;
};
type Query<Value> = { readonly [Name in keyof Value]: Written<Value[Name]> };
type Empty = Record<never, never>;

/** What a call of a route takes: what it has no use for is absent, what it can do without is optional. */
export type RouteRequest<R extends Route> = (keyof R['params'] extends never
  ? Empty
  : { readonly params: Parameters<R['params']> }) &
  (Empty extends z.input<R['query']>
    ? { readonly query?: Query<z.input<R['query']>> }
    : { readonly query: Query<z.input<R['query']>> }) &
  (R['body'] extends ObjectSchema ? { readonly body: z.input<R['body']> } : Empty) & {
    /** Gives up waiting when it aborts. */
    readonly signal?: AbortSignal;
  };

/** What a route answers: one of its successes, or a problem. */
export type RouteAnswer<R extends Route> =
  | {
      [Status in keyof R['responses'] & SuccessStatus]: {
        readonly ok: true;
        readonly status: Status;
        readonly body: R['responses'][Status] extends Schema ? z.output<R['responses'][Status]> : undefined;
      };
    }[keyof R['responses'] & SuccessStatus]
  | { readonly ok: false; readonly problem: ProblemBody };

export type RouteRequestArguments<R extends Route> =
  Empty extends RouteRequest<R> ? [request?: RouteRequest<R>] : [request: RouteRequest<R>];

/** Calls a route of the contract. Throws {@link NetworkError} when no answer came. */
export type CallRoute = <R extends Route>(route: R, ...request: RouteRequestArguments<R>) => Promise<RouteAnswer<R>>;

export interface HttpClient {
  /** Without a slash at the end. */
  readonly url: string;
  readonly call: CallRoute;
}

export interface HttpClientOptions {
  /** Where the API is: `https://chat.example.com`. */
  readonly url: string;
  /** Asked before each call of a route that is not public. */
  readonly accessToken?: () => Promise<string | undefined>;
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds until an answer is given up. The platform itself gives up after 29 seconds. */
  readonly timeoutMs?: number;
  /** Learns the server's time from answers. */
  readonly clock?: ServerClock;
}

interface AnyRequest {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * A client of the HTTP API, typed by the contract's routes. Answers are taken at their word and not checked against the
 * schema: a newer server may answer with fields and values that this client does not know yet.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const url = options.url.replace(/\/+$/, '');
  const send = options.fetch ?? ((...input) => globalThis.fetch(...input));

  const call = async (route: Route, request: AnyRequest = {}): Promise<unknown> => {
    // A wrong argument throws here: it is no lost connection, and a retry would not help.
    const target = url + pathOf(route, request.params) + queryOf(request.query);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    throwIfAborted(request.signal);
    const token = route.access === 'public' ? undefined : await options.accessToken?.();
    const deadline = createDeadline(options.timeoutMs ?? 30_000, request.signal);
    const sentAt = Date.now();
    let response: Response;
    let text: string;
    try {
      const sent = send(target, {
        method: route.method,
        headers: {
          accept: 'application/json, application/problem+json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body }),
        signal: deadline.signal,
      });
      response = await deadline.race(sent);
      text = await deadline.race(response.text());
    } catch (error) {
      throwIfAborted(request.signal);
      if (deadline.signal.aborted) throw new NetworkError('timeout', undefined, error);
      throw await unreachable(url, error);
    } finally {
      deadline.end();
    }
    learnTime(options.clock, response, sentAt);
    return answerOf(route, response, text);
  };
  return { url, call: call as CallRoute };
}

/** The path with its parameters filled in. */
export function pathOf(route: Pick<Route, 'path'>, params: Readonly<Record<string, string | number>> = {}): string {
  return route.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`The path ${route.path} needs the parameter ${name}`);
    return encodeURIComponent(value);
  });
}

/** The query with its question mark; what is undefined is left out. */
export function queryOf(query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return parameters.length === 0 ? '' : `?${parameters.join('&')}`;
}

function answerOf(route: Route, response: Response, text: string): unknown {
  const json = parseJson(text);
  if (!response.ok) return { ok: false, problem: problemOf(response, json) };
  const schema = route.responses[response.status as SuccessStatus];
  if (schema === null) return { ok: true, status: response.status, body: undefined };
  if (schema === undefined || typeof json !== 'object' || json === null) {
    throw new NetworkError('not-understood', `${route.method} ${response.url} answered ${response.status}`);
  }
  return { ok: true, status: response.status, body: json };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Date` tells seconds (RFC 9110, section 6.6.1); an answer from a cache tells when it was made, not what time it is. */
function learnTime(clock: ServerClock | undefined, response: Response, sentAt: number): void {
  const date = response.headers.get('date');
  if (clock === undefined || date === null || response.headers.has('age')) return;
  clock.learn(Date.parse(date), sentAt, Date.now(), 1000);
}
