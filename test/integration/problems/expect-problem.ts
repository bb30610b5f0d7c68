import { expect } from 'vitest';
import { problemBody, type ProblemDefinition, problemType } from '../../../shared/contract/kit/define-problem.ts';
import type { OperationCard } from '../../operations/kit/define-card.ts';
import type { HttpAnswer } from '../raw-client.ts';
import type { FrameProblem, FrameProvocation, Provocation } from './provocation.ts';

export function expectAnswer(
  { route }: OperationCard,
  problem: ProblemDefinition,
  { pointers }: Provocation,
  answer: HttpAnswer,
): void {
  expect(answer.body?.code, answer.text).toBe(problem.code);
  expect(answer.status).toBe(problem.status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expectProblem(answer.body, problem, pointers);
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
  expect(answer.body.instance).toMatch(new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`));
  expect(answer.headers.get('www-authenticate')).toBe(problem.status === 401 ? 'Bearer' : null);
  const retryAfter = answer.headers.get('retry-after');
  const { retryAfterMs } = answer.body;
  expect(retryAfter).toBe(retryAfterMs === undefined ? null : String(Math.ceil(retryAfterMs / 1000)));
}

/** For an operation that answers with an outcome for each of several subjects. */
export function expectOutcomes({ code, status, retryable }: ProblemDefinition, answer: HttpAnswer): void {
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body.outcomes).toMatchObject([{ ok: false, problem: { code, status, retryable } }]);
}

export function expectFrame(problem: ProblemDefinition, { pointers }: FrameProvocation, answer: FrameProblem): void {
  expect(answer.type, JSON.stringify(answer)).toBe('error');
  expectProblem(answer.problem, problem, pointers);
}

function expectProblem(body: unknown, problem: ProblemDefinition, pointers: readonly string[] = []): void {
  const parsed = problemBody.parse(body);
  const { name, code, status, title, retryable } = problem;
  expect(parsed).toMatchObject({ type: problemType(name), code, status, title, retryable });
  expect(parsed.detail.length).toBeGreaterThan(10);
  expect(parsed.requestId).toMatch(/^.{8,}$/);
  expect((parsed.errors ?? []).map(({ pointer }) => pointer).sort()).toEqual([...pointers].sort());
  for (const error of parsed.errors ?? []) expect(error.detail).toMatch(/\w/);
  if (parsed.retryAfterMs !== undefined) expect(retryable).toBe(true);
}
