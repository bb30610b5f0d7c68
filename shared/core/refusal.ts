import {
  type FieldError,
  problemType,
  type ProblemBody,
  type ProblemDefinition,
} from '../contract/kit/define-problem.ts';

export interface RefusalDetails {
  /** Without message text and contact data. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterMs?: number;
  readonly serverTime?: string;
  /** The agent who has the conversation. */
  readonly assigneeId?: string | undefined;
  readonly work?: ProblemBody['work'];
  /** In the form of the header `Allow`. */
  readonly allow?: string;
}

export interface Refusal<Problem extends ProblemDefinition = ProblemDefinition> extends RefusalDetails {
  readonly refused: Problem;
}

export function refuse<const Problem extends ProblemDefinition>(
  problem: Problem,
  details: RefusalDetails = {},
): Refusal<Problem> {
  return { refused: problem, ...details };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

export function problemBodyOf(refusal: Refusal, requestId: string, instance?: string): ProblemBody {
  const { refused, detail, errors, retryAfterMs, serverTime, assigneeId, work } = refusal;
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
    ...(assigneeId === undefined ? {} : { assigneeId }),
    ...(work === undefined ? {} : { work }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
  };
}

/** Returns a refusal unchanged. */
export function answer<Outcome, const Success>(
  outcome: Outcome,
  toSuccess: (success: Exclude<Outcome, Refusal>) => Success,
): Success | Extract<Outcome, Refusal> {
  return isRefusal(outcome) ? (outcome as Extract<Outcome, Refusal>) : toSuccess(outcome as Exclude<Outcome, Refusal>);
}
