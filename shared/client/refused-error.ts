import type { ProblemBody } from '../contract/kit/define-problem.ts';

/** The server rejected a request. `problem.code` names the reason, `problem.detail` the remedy. */
export class RefusedError extends Error {
  readonly problem: ProblemBody;

  constructor(problem: ProblemBody) {
    super(problem.detail);
    this.name = 'RefusedError';
    this.problem = problem;
  }
}

export class SessionEndedError extends Error {
  constructor(cause?: unknown) {
    super('The session has ended: log in again', { cause });
    this.name = 'SessionEndedError';
  }
}
