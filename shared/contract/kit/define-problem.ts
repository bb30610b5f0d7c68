import * as z from 'zod/mini';

/** RFC 9457. `name` is in kebab-case; `code` is the same in capitals. */
export interface ProblemDefinition<Name extends string = string, Status extends number = number> {
  readonly name: Name;
  readonly code: string;
  readonly status: Status;
  readonly title: string;
  readonly description: string;
  /** The unchanged request may succeed later. */
  readonly retryable: boolean;
}

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

export const fieldError = z
  .object({
    pointer: z
      .string()
      .check(z.meta({ description: 'JSON pointer (RFC 6901) to the field', examples: ['/body/text'] })),
    code: z.string().check(z.meta({ description: 'Reason, for programs', examples: ['too_small'] })),
    detail: z
      .string()
      .check(z.meta({ description: 'How to correct the field, for people', examples: ['must not be empty'] })),
  })
  .register(z.globalRegistry, { id: 'FieldError', description: 'A field that is not valid' });
export type FieldError = z.infer<typeof fieldError>;

export const problemBody = z
  .object({
    type: z.string().check(
      z.meta({
        description: 'Link to the problem’s section of the reference, relative to the API’s host',
        format: 'uri-reference',
      }),
    ),
    title: z.string().check(z.describe('Summary, the same for every occurrence')),
    status: z.int().check(z.describe('HTTP status. An `error` frame has the status that HTTP would use.')),
    detail: z.string().check(z.describe('Explanation of this occurrence, for people')),
    code: z.string().check(z.describe('Stable name of the problem, for programs to switch on')),
    instance: z.optional(z.string().check(z.describe('Path or action of the request'))),
    retryable: z.boolean().check(z.describe('Whether the same request may succeed later, unchanged')),
    retryAfterMs: z.optional(z.int().check(z.describe('Milliseconds to wait before you repeat the request'))),
    requestId: z
      .string()
      .check(z.describe('Id of the request. Quote it to support, who can find the request in the logs.')),
    serverTime: z.optional(
      z.string().check(z.describe('Time of the server’s clock. Present if the problem concerns clocks.')),
    ),
    work: z.optional(
      z
        .object({
          challenge: z.string().check(z.describe('Opaque text')),
          difficulty: z.int().check(z.describe('Number of zero bits')),
        })
        .check(z.describe('Present in `proof-of-work-required`: the challenge to solve')),
    ),
    errors: z.optional(z.array(fieldError).check(z.describe('Fields that are not valid'))),
  })
  .register(z.globalRegistry, {
    id: 'Problem',
    description: 'A rejected request (RFC 9457), in the same form over HTTP and in `error` frames',
  });
export type ProblemBody = z.infer<typeof problemBody>;

/** Relative to the API's host. */
export function problemType(name: string): string {
  return `/reference#problem-${name}`;
}
