import {
  type FieldError,
  problemType,
  type ProblemBody,
  type ProblemDefinition,
} from '../contract/kit/define-problem.ts';

export interface RefusalDetails {
  /** Explanation of this occurrence and its remedy, without message text and contact data. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterMs?: number;
  readonly serverTime?: string;
  readonly work?: ProblemBody['work'];
  /** The methods that the path supports, as the header `Allow` lists them. */
  readonly allow?: string;
}

/** An expected refusal, as a value instead of an exception. */
export interface Refusal<Problem extends ProblemDefinition = ProblemDefinition> extends RefusalDetails {
  readonly refused: Problem;
}

/** Refuses with a problem that the operation declares. */
export function refuse<const Problem extends ProblemDefinition>(
  problem: Problem,
  details: RefusalDetails = {},
): Refusal<Problem> {
  return { refused: problem, ...details };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** The body that clients receive. */
export function problemBodyOf(refusal: Refusal, requestId: string, instance?: string): ProblemBody {
  const { refused, detail, errors, retryAfterMs, serverTime, work } = refusal;
  return {
    type: problemType(refused.name),
    title: refused.title,
    status: refused.status,
    detail: detail ?? refused.description,
    code: refused.code,
    ...(instance === undefined ? {} : { instance }),
    retryable: refused.retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) }),
    requestId,
    ...(serverTime === undefined ? {} : { serverTime }),
    ...(work === undefined ? {} : { work }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
  };
}

/** Converts the value of a use case with `toSuccess`. Returns a refusal unchanged. */
export function answer<Outcome, const Success>(
  outcome: Outcome,
  toSuccess: (success: Exclude<Outcome, Refusal>) => Success,
): Success | Extract<Outcome, Refusal> {
  return isRefusal(outcome) ? (outcome as Extract<Outcome, Refusal>) : toSuccess(outcome as Exclude<Outcome, Refusal>);
}
