import type { Action } from '../kit/define-action.ts';
import { problemType } from '../kit/define-problem.ts';
import type { ProblemDefinition } from '../kit/define-problem.ts';
import type { Route } from '../kit/define-route.ts';
import type { Access } from '../permissions.ts';
import { methodNotAllowed } from '../health/problems.ts';
import {
  bodyProblems,
  failureProblems,
  frameProblems,
  inputProblems,
  notFound,
  roleProblems,
  sessionProblems,
} from '../problems.ts';
import { rolesThatMay } from './roles-that-may.ts';

type Problems = readonly ProblemDefinition[];

const unique = (problems: Problems): Problems => [...new Set(problems)].sort((a, b) => a.status - b.status);

/** Includes those of its input and access. */
export function problemsOfRoute(route: Route): Problems {
  return unique([
    ...route.problems,
    // Queries are strict: every operation rejects unknown parameters.
    ...inputProblems,
    ...(route.body === undefined ? [] : bodyProblems),
    ...(route.access === 'public' ? [] : sessionProblems),
    ...(needsRole(route.access) ? roleProblems : []),
    ...(route.infallible === true ? [] : failureProblems),
  ]);
}

export function problemsOfAction(action: Action): Problems {
  return unique([...action.problems, ...frameProblems, ...(needsRole(action.access) ? roleProblems : [])]);
}

function needsRole(access: Access): boolean {
  return rolesThatMay(access).length < rolesThatMay('public').length;
}

/** Sorted by name. */
export function allProblems(routes: readonly Route[], actions: readonly Action[]): Problems {
  const problems = [
    notFound,
    methodNotAllowed,
    ...routes.flatMap(problemsOfRoute),
    ...actions.flatMap(problemsOfAction),
  ];
  return [...new Set(problems)].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function exampleOfProblem(problem: ProblemDefinition): Record<string, unknown> {
  const example: Record<string, unknown> = {
    type: problemType(problem.name),
    title: problem.title,
    status: problem.status,
    detail: problem.description,
    code: problem.code,
    retryable: problem.retryable,
    requestId: '01KAJ78Z0GHBM3N6Q9S2V5X8Z0',
  };
  if (problem.retryable) example['retryAfterMs'] = 1000;
  return example;
}
