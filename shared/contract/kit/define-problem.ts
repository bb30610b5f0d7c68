import * as z from 'zod/mini';

/**
 * A refusal that clients can rely on (RFC 9457). `name` is kebab-case; `code` is the same in capitals and is what
 * clients switch on.
 */
export interface ProblemDefinition<Name extends string = string, Status extends number = number> {
  readonly name: Name;
  readonly code: string;
  readonly status: Status;
  readonly title: string;
  /** What it means and what the caller can do. Shown in the documents. */
  readonly description: string;
  /** True when the same request may succeed later, unchanged. */
  readonly retryable: boolean;
}

/** Defines a problem. The `type` URI of an answer leads to its section of the reference. */
export function defineProblem<const Name extends string, const Status extends number>(problem: {
  readonly name: Name;
  readonly status: Status;
  readonly title: string;
  readonly description: string;
  readonly retryable?: boolean;
}): ProblemDefinition<Name, Status> {
  return Object.freeze({
    retryable: false,
    ...problem,
    code: problem.name.toUpperCase().replaceAll('-', '_'),
  });
}

/** One wrong field: a JSON pointer (RFC 6901) into the request's part, and what to do about it. */
export const fieldError = z.object({
  pointer: z.string(),
  code: z.string(),
  detail: z.string(),
});
export type FieldError = z.infer<typeof fieldError>;

/** The body of every refusal, over HTTP (`application/problem+json`) and in `error` frames. */
export const problemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  instance: z.optional(z.string()),
  retryable: z.boolean(),
  retryAfterMs: z.optional(z.int()),
  requestId: z.string(),
  /** The server's clock, where the refusal is about clocks. */
  serverTime: z.optional(z.string()),
  errors: z.optional(z.array(fieldError)),
});
export type ProblemBody = z.infer<typeof problemBody>;

/** The `type` URI of a problem, relative to the API's host. */
export function problemType(name: string): string {
  return `/reference#problem-${name}`;
}
