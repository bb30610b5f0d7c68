import type { FailureReason, Outcome, SystemAnswer } from './ticket-system.ts';

export type Failure = Exclude<Outcome<never>, { readonly kind: 'done' }>;

/** Decides whether a rejected request of a vendor also limits other tickets. */
export type LimitScope = (headers: Headers) => { readonly scope: 'ticket' | 'system'; readonly afterMs?: number };
type Headers = Extract<SystemAnswer, { readonly answered: true }>['headers'];

const longestDetail = 300;
/** An hour is the longest quota of both vendors. */
const longestWaitMs = 2 * 3_600_000;

/** @returns undefined for a success. `writes`: whether the request changes something, if it is carried out. */
export function failureOf(
  answer: SystemAnswer,
  { writes, limitScope, now }: { readonly writes: boolean; readonly limitScope: LimitScope; readonly now: number },
): Failure | undefined {
  if (!answer.answered) return withoutAnswer(answer.error, writes);
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (status === 401) return { kind: 'later', reason: 'unauthorized', scope: 'system', status };
  if (status === 429) {
    const { scope, afterMs = waitOf(headers, now) } = limitScope(headers);
    return { kind: 'later', reason: 'rate-limited', scope, status, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  if (status >= 500 || status === 408) {
    // A gateway may have passed the request on, and a server may have failed after the change.
    const scope = status === 500 ? 'ticket' : 'system';
    const afterMs = waitOf(headers, now);
    if (writes) return { kind: 'unknown', reason: 'unavailable', scope, status };
    return { kind: 'later', reason: 'unavailable', scope, status, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  return { kind: 'rejected', reason: reasonOf(status), status, detail: detailOf(answer.body) };
}

function withoutAnswer(error: string, writes: boolean): Failure {
  const neverSent = ['dns', 'refused', 'tls', 'blocked'].includes(error);
  if (neverSent || !writes) return { kind: 'later', reason: neverSent ? 'unreachable' : 'no-answer', scope: 'system' };
  return { kind: 'unknown', reason: 'no-answer', scope: 'system' };
}

function reasonOf(status: number): FailureReason {
  if (status === 403) return 'forbidden';
  return status === 404 || status === 410 ? 'not-found' : 'rejected';
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), else the time at which a quota begins again. */
export function waitOf(headers: Headers, now: number): number | undefined {
  const after = single(headers['retry-after']);
  if (after !== undefined) {
    const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now;
    if (Number.isFinite(ms)) return bounded(ms);
  }
  const reset = single(headers['x-ratelimit-reset']);
  if (reset === undefined) return undefined;
  const at = /^\d+$/.test(reset) ? Number(reset) * 1000 : Date.parse(reset);
  return Number.isFinite(at) ? bounded(at - now) : undefined;
}

function bounded(ms: number): number {
  return Math.min(longestWaitMs, Math.max(0, ms));
}

export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** The explanation at the places where these systems write it. */
function detailOf(body: string): string {
  const answer = jsonOf(body);
  const texts: readonly (string | undefined)[] = [
    textAt(answer, 'error', 'message'),
    textAt(answer, 'error', 'detail'),
    textAt(answer, 'errorMessage'),
    textAt(answer, 'message'),
    ...listAt(answer, 'errorMessages').map((text) => textAt({ text }, 'text')),
    ...Object.entries(recordAt(answer, 'errors')).map(([name, text]) => `${name}: ${textAt({ text }, 'text') ?? ''}`),
  ];
  return texts
    .filter((text) => text !== undefined)
    .join(' ')
    .slice(0, longestDetail);
}

function recordAt(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const found = at(value, name);
  const isRecord = typeof found === 'object' && found !== null && !Array.isArray(found);
  return isRecord ? (found as Readonly<Record<string, unknown>>) : {};
}

/** @returns undefined for a text that is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The text or number at a path; undefined if there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  return current;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function unexpected(status?: number): Failure {
  return {
    kind: 'rejected',
    reason: 'unexpected-answer',
    detail: 'The answer is not what this kind of system sends.',
    ...(status === undefined ? {} : { status }),
  };
}
