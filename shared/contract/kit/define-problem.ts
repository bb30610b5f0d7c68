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
export const fieldError = z
  .object({
    pointer: z
      .string()
      .check(z.meta({ description: 'JSON pointer (RFC 6901) to the field', examples: ['/body/text'] })),
    code: z.string().check(z.meta({ description: 'What is wrong, for programs', examples: ['too_small'] })),
    detail: z
      .string()
      .check(z.meta({ description: 'What to do about it, for people', examples: ['must not be empty'] })),
  })
  .register(z.globalRegistry, { id: 'FieldError', description: 'One wrong field' });
export type FieldError = z.infer<typeof fieldError>;

/** The body of every refusal, over HTTP (`application/problem+json`) and in `error` frames. */
export const problemBody = z
  .object({
    type: z
      .string()
      .check(z.meta({ description: 'Leads to the problem’s section of the reference', format: 'uri-reference' })),
    title: z.string().check(z.describe('The same for every occurrence')),
    status: z.int().check(z.describe('The HTTP status; in a frame, the one that HTTP would have')),
    detail: z.string().check(z.describe('What happened this time, for people')),
    code: z.string().check(z.describe('What programs switch on; codes are never renamed')),
    instance: z.optional(z.string().check(z.describe('The path, or the action, that was refused'))),
    retryable: z.boolean().check(z.describe('Whether the same request may succeed later, unchanged')),
    retryAfterMs: z.optional(z.int().check(z.describe('Milliseconds to wait before the next attempt'))),
    requestId: z.string().check(z.describe('Tell it to support: logs carry it')),
    serverTime: z.optional(z.string().check(z.describe('The server’s clock, where the refusal is about clocks'))),
    errors: z.optional(z.array(fieldError)),
  })
  .register(z.globalRegistry, {
    id: 'Problem',
    description: 'A refusal (RFC 9457), the same over HTTP and in `error` frames',
  });
export type ProblemBody = z.infer<typeof problemBody>;

/** The `type` URI of a problem, relative to the API's host. */
export function problemType(name: string): string {
  return `/reference#problem-${name}`;
}
