import { join } from 'node:path';
import { problemsOfRoute } from '../../../shared/contract/documents/problems-of.ts';
import { problemBody, type ProblemDefinition, problemType } from '../../../shared/contract/kit/define-problem.ts';
import type { Route, Schema } from '../../../shared/contract/kit/define-route.ts';
import { Lookout } from '../system/canaries.ts';
import { canary } from './hostile-values.ts';

export interface FuzzAnswer {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const lookout = new Lookout([canary]);
/** Of this checkout. */
const root = `${join(import.meta.dirname, '../../..')}/`;
const inner =
  /\n\s*at .+:\d+:\d+|\bat (async )?[\w.<>]+ \(|node_modules|file:\/\/\/|\/var\/task|cdk\.out|\/home\/|\.m?[jt]s:\d+/;

/** No request may cause one. */
const failures: ReadonlySet<string> = new Set(['INTERNAL_ERROR', 'SERVICE_BUSY']);

export function complaintsOf(route: Route, answer: FuzzAnswer, more: readonly ProblemDefinition[] = []): string[] {
  const { status, headers, text } = answer;
  const complaints = internalDetailsIn(text, 'the answer');
  if (headers['cache-control'] !== 'no-store') complaints.push('it may be cached');
  if (status < 300) return [...complaints, ...complaintsOfSuccess(route, answer)];
  if (headers['content-type'] !== 'application/problem+json') return [...complaints, 'it is not a problem document'];
  const body = parsed(text);
  complaints.push(...complaintsOfProblem(body, [...problemsOfRoute(route), ...more], status));
  const { retryAfterMs, requestId } = body as { retryAfterMs?: number; requestId?: string };
  if ((retryAfterMs === undefined) !== (headers['retry-after'] === undefined)) complaints.push('retry-after is wrong');
  if (requestId !== headers['x-request-id']) complaints.push('it has two different request ids');
  return complaints;
}

function complaintsOfSuccess(route: Route, { status, headers, text }: FuzzAnswer): string[] {
  const responses: Readonly<Record<number, Schema | null | undefined>> = route.responses;
  const schema = responses[status];
  if (schema === undefined) return [`status ${status} is not declared`];
  if (schema === null) return text === '' ? [] : ['it has a body'];
  if (headers['content-type'] !== 'application/json') return ['it is not JSON'];
  return misfits(schema, parsed(text));
}

export function complaintsOfProblem(body: unknown, declared: readonly ProblemDefinition[], status?: number): string[] {
  const misfit = misfits(problemBody, body);
  if (misfit.length > 0) return misfit;
  const problem = problemBody.parse(body);
  if (failures.has(problem.code)) return [`it failed with ${problem.code}`];
  const definition = declared.find(({ code }) => code === problem.code);
  if (definition === undefined) return [`${problem.code} is not declared`];
  const { name, title, retryable } = definition;
  const complaints: string[] = [];
  if (problem.status !== definition.status || (status ?? problem.status) !== definition.status) {
    complaints.push(`${problem.code} has status ${status}`);
  }
  if (problem.type !== problemType(name) || problem.title !== title || problem.retryable !== retryable) {
    complaints.push(`${problem.code} differs from its declaration`);
  }
  return complaints;
}

export function internalDetailsIn(text: string, where: string): string[] {
  const found = inner.exec(text)?.[0] ?? (text.includes(root) ? root : undefined);
  return found === undefined ? [] : [`${where} reveals ${JSON.stringify(found)}`];
}

export function complaintsOfLogs(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const complaints = internalDetailsIn(line, 'a log line');
    if (line.includes('"level":"error"')) complaints.push(`an error was logged: ${line.slice(0, 600)}`);
    if (lookout.in(line).length > 0) complaints.push(`what a client sent was logged: ${line.slice(0, 600)}`);
    return complaints;
  });
}

export function misfits(schema: Schema, value: unknown): string[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => `at ${issue.path.join('/')}: ${issue.message}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
