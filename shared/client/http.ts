import type * as z from 'zod/mini';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { ObjectSchema, Route, Schema, SuccessStatus } from '../contract/kit/define-route.ts';
import { createDeadline, throwIfAborted } from './deadline.ts';
import { NetworkError } from './network-error.ts';
import { unreachable } from './other-origin.ts';
import { problemOf } from './problem-of.ts';
import type { ServerClock } from './server-clock.ts';

type Written<Value> = Value extends string ? string | number : Value;
type Parameters<Shape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends Schema ? Written<z.input<Shape[Name]>> : never;
};
type Query<Value> = { readonly [Name in keyof Value]: Written<Value[Name]> };
type Empty = Record<never, never>;

export type RouteRequest<R extends Route> = (keyof R['params'] extends never
  ? Empty
  : { readonly params: Parameters<R['params']> }) &
  (Empty extends z.input<R['query']>
    ? { readonly query?: Query<z.input<R['query']>> }
    : { readonly query: Query<z.input<R['query']>> }) &
  (R['body'] extends ObjectSchema ? { readonly body: z.input<R['body']> } : Empty) & {
    readonly signal?: AbortSignal;
  };

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

/** Throws {@link NetworkError} if no answer came. */
export type CallRoute = <R extends Route>(route: R, ...request: RouteRequestArguments<R>) => Promise<RouteAnswer<R>>;

export interface HttpClient {
  readonly url: string;
  readonly call: CallRoute;
}

export interface HttpClientOptions {
  readonly url: string;
  readonly accessToken?: () => Promise<string | undefined>;
  readonly fetch?: typeof globalThis.fetch;
  /** Default: 30 s, because API Gateway gives up after 29 s. */
  readonly timeoutMs?: number;
  readonly clock?: ServerClock;
}

interface AnyRequest {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Does not validate answers: a newer server may return unknown values. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const url = options.url.replace(/\/+$/, '');
  const send = options.fetch ?? ((...input) => globalThis.fetch(...input));

  const call = async (route: Route, request: AnyRequest = {}): Promise<unknown> => {
    // Throws for a wrong argument: a retry would not help.
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

export function pathOf(route: Pick<Route, 'path'>, params: Readonly<Record<string, string | number>> = {}): string {
  return route.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`The path ${route.path} needs the parameter ${name}`);
    return encodeURIComponent(value);
  });
}

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
    throw new NetworkError('not-understood', `${route.method} ${response.url} returned status ${response.status}`);
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

/** `Date` has a resolution of a second (RFC 9110, section 6.6.1). A cached answer carries an old one. */
function learnTime(clock: ServerClock | undefined, response: Response, sentAt: number): void {
  const date = response.headers.get('date');
  if (clock === undefined || date === null || response.headers.has('age')) return;
  clock.learn(Date.parse(date), sentAt, Date.now(), 1000);
}
