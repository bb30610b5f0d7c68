import type { ProblemBody } from '../contract/kit/define-problem.ts';

/** The server refused what was asked for. `problem.code` says why, `problem.detail` what to do. */
export class RefusedError extends Error {
  readonly problem: ProblemBody;

  constructor(problem: ProblemBody) {
    super(problem.detail);
    this.name = 'RefusedError';
    this.problem = problem;
  }
}

/** The session is over: log in again. */
export class SessionEndedError extends Error {
  constructor(cause?: unknown) {
    super('The session has ended: log in again', { cause });
    this.name = 'SessionEndedError';
  }
}
